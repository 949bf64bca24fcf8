"""Token formats of databases, streams and tools that move data."""

TABLE = """
PlanetScale  https://planetscale.com/docs/api/reference/service-tokens  delete it in PlanetScale under Settings
  planetscale-token  service token  PLANETSCALE_SERVICE_TOKEN  pscale_tkn_<w 32-64>  seen=bcgkt
  planetscale-oauth-token  OAuth token  PLANETSCALE_OAUTH_TOKEN  pscale_oauth_<w 32-64>  seen=bcg
  planetscale-password  database password  DATABASE_PASSWORD  pscale_pw_<w 32-64>  seen=bcg
Supabase  https://supabase.com/docs/guides/api/api-keys  revoke it in Supabase under Access tokens
  supabase-secret-key  secret API key  SUPABASE_SECRET_KEY  sb_secret_<w 22>_<w 8>  seen=b
  supabase-token  access token  SUPABASE_ACCESS_TOKEN  sbp_<hex 40>  seen=bckt
MongoDB Atlas  https://www.mongodb.com/docs/atlas/api/service-accounts-overview/  revoke it in Atlas under Applications
  mongodb-secret  service account secret  MONGODB_ATLAS_CLIENT_SECRET  mdb_sa_sk_<w 6><an 34>  seen=bk
ClickHouse Cloud  https://clickhouse.com/docs/cloud/manage/openapi  delete it in the ClickHouse console under API keys
  clickhouse-secret  API secret key  CLICKHOUSE_API_SECRET  4b1d<an 38>  seen=bg
Confluent  https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html  delete it in Confluent Cloud under API keys
  confluent-secret  API secret  CONFLUENT_CLOUD_API_SECRET  <b64 64>  near=confluent,kafka seen=kt
Airtable  https://airtable.com/developers/web/api/authentication  delete it at airtable.com/create/tokens
  airtable-token  personal access token  AIRTABLE_TOKEN  pat<an 14>.<hex 64>  seen=bgkt
Notion  https://developers.notion.com/docs/authorization  refresh it at notion.so/profile/integrations
  notion-token  integration token  NOTION_TOKEN  ntn_<d 11><an 35>  seen=bcg
  notion-older-token  integration token  NOTION_TOKEN  secret_<an 43>  seen=kt
Coda  https://coda.io/developers/apis/v1  delete it at coda.io/account
  coda-token  API token  CODA_API_TOKEN  <uuid>  near=coda_,coda.io seen=kt
Contentful  https://www.contentful.com/developers/docs/references/authentication/  revoke it in Contentful under CMA tokens
  contentful-token  personal access token  CONTENTFUL_MANAGEMENT_TOKEN  CFPAT-<w 43>  seen=kt
Algolia  https://www.algolia.com/doc/guides/security/api-keys/  delete it in the Algolia dashboard under API keys
  algolia-key  admin key  ALGOLIA_API_KEY  <hex 32>  near=algolia seen=bgkt
Segment  https://docs.segmentapis.com/  revoke it in Segment under Access management, Tokens
  segment-token  public API token  SEGMENT_TOKEN  sgp_<an 64>  seen=bkn
Neon  https://neon.com/docs/manage/api-keys  revoke it in the Neon console under API keys
  neon-key  API key  NEON_API_KEY  napi_<low 64>  seen=b
PostHog  https://posthog.com/docs/api  delete it in PostHog under Personal API keys
  posthog-key  personal API key  POSTHOG_PERSONAL_API_KEY  phx_<an_ 43-56>  seen=c
Mapbox  https://docs.mapbox.com/help/getting-started/access-tokens/  delete it at account.mapbox.com/access-tokens
  mapbox-token  secret token  MAPBOX_ACCESS_TOKEN  sk.eyJ<w 50-120>.<w 20-30>  seen=knt
LocationIQ  https://docs.locationiq.com/docs/authentication  delete it in the LocationIQ dashboard
  locationiq-key  API key  LOCATIONIQ_API_KEY  pk.<hex 32>  seen=t
MaxMind  https://support.maxmind.com/hc/en-us/articles/4407111582235-Generate-a-License-Key  remove it at maxmind.com under Manage licence keys
  maxmind-key  licence key  MAXMIND_LICENSE_KEY  <an 6>_<an 29>_mmk  seen=bgkt
Adafruit IO  https://io.adafruit.com/api/docs/  regenerate it at io.adafruit.com
  adafruit-key  key  ADAFRUIT_IO_KEY  aio_<an 28>  seen=bgknt
Ubidots  https://docs.ubidots.com/reference/authentication  regenerate it in Ubidots under API credentials
  ubidots-token  token  UBIDOTS_TOKEN  BBFF-<an 30>  seen=kt
Nightfall  https://help.nightfall.ai/developer-api  delete it in Nightfall under API keys
  nightfall-key  API key  NIGHTFALL_API_KEY  NF-<an 32>  seen=kt
FullStory  https://developer.fullstory.com/server/authentication/  delete it in FullStory under Settings, API keys
  fullstory-key  API key  FULLSTORY_API_KEY  na1.<b64 100>  seen=kt
Yelp  https://docs.developer.yelp.com/docs/fusion-authentication  refresh it at yelp.com/developers
  yelp-key  API key  YELP_API_KEY  <w 128>  near=yelp seen=kt
DataStax  https://docs.datastax.com/en/astra-db-serverless/administration/manage-application-tokens.html  delete it in Astra under Tokens
  astra-token  application token  ASTRA_DB_APPLICATION_TOKEN  AstraCS:<az 24>:<hex 64>  seen=bf
CockroachDB  https://www.cockroachlabs.com/docs/cockroachcloud/managing-access  delete it in CockroachDB Cloud under Access management
  cockroach-key  Cloud API key  COCKROACH_API_KEY  CCDB1_<an 22>_<an 40>  seen=b
Elastic  https://www.elastic.co/docs/deploy-manage/api-keys/elastic-cloud-api-keys  revoke it in Elastic Cloud under API keys
  elastic-cloud-key  Cloud API key  EC_API_KEY  essu_<w 60-200>  seen=b
"""
