"""Token formats of databases, streams and tools that move data."""

TABLE = """
PlanetScale  https://planetscale.com/docs/api/reference/service-tokens  delete it in PlanetScale under Settings
  planetscale-token  service token  PLANETSCALE_SERVICE_TOKEN  pscale_tkn_<w 32-64>
  planetscale-oauth-token  OAuth token  PLANETSCALE_OAUTH_TOKEN  pscale_oauth_<w 32-64>
  planetscale-password  database password  DATABASE_PASSWORD  pscale_pw_<w 32-64>
Supabase  https://supabase.com/docs/guides/api/api-keys  revoke it in Supabase under Access tokens
  supabase-secret-key  secret API key  SUPABASE_SECRET_KEY  sb_secret_<w 22>_<w 8>
  supabase-token  access token  SUPABASE_ACCESS_TOKEN  sbp_<hex 40>
MongoDB Atlas  https://www.mongodb.com/docs/atlas/api/service-accounts-overview/  revoke it in Atlas under Applications
  mongodb-secret  service account secret  MONGODB_ATLAS_CLIENT_SECRET  mdb_sa_sk_<w 6><an 34>
ClickHouse Cloud  https://clickhouse.com/docs/cloud/manage/openapi  delete it in the ClickHouse console under API keys
  clickhouse-secret  API secret key  CLICKHOUSE_API_SECRET  4b1d<an 38>
Confluent  https://docs.confluent.io/cloud/current/security/authenticate/workload-identities/service-accounts/api-keys/overview.html  delete it in Confluent Cloud under API keys
  confluent-secret  API secret  CONFLUENT_CLOUD_API_SECRET  <b64 64>  near=confluent,kafka
Airtable  https://airtable.com/developers/web/api/authentication  delete it at airtable.com/create/tokens
  airtable-token  personal access token  AIRTABLE_TOKEN  pat<an 14>.<hex 64>
Notion  https://developers.notion.com/docs/authorization  refresh it at notion.so/profile/integrations
  notion-token  integration token  NOTION_TOKEN  ntn_<d 11><an 35>
  notion-older-token  integration token  NOTION_TOKEN  secret_<an 43>
Coda  https://coda.io/developers/apis/v1  delete it at coda.io/account
  coda-token  API token  CODA_API_TOKEN  <uuid>  near=coda_,coda.io
Contentful  https://www.contentful.com/developers/docs/references/authentication/  revoke it in Contentful under CMA tokens
  contentful-token  personal access token  CONTENTFUL_MANAGEMENT_TOKEN  CFPAT-<w 43>
Algolia  https://www.algolia.com/doc/guides/security/api-keys/  delete it in the Algolia dashboard under API keys
  algolia-key  admin key  ALGOLIA_API_KEY  <hex 32>  near=algolia
Segment  https://docs.segmentapis.com/  revoke it in Segment under Access management, Tokens
  segment-token  public API token  SEGMENT_TOKEN  sgp_<an 64>
Neon  https://neon.com/docs/manage/api-keys  revoke it in the Neon console under API keys
  neon-key  API key  NEON_API_KEY  napi_<low 64>
PostHog  https://posthog.com/docs/api  delete it in PostHog under Personal API keys
  posthog-key  personal API key  POSTHOG_PERSONAL_API_KEY  phx_<an_ 43-56>
Mapbox  https://docs.mapbox.com/help/getting-started/access-tokens/  delete it at account.mapbox.com/access-tokens
  mapbox-token  secret token  MAPBOX_ACCESS_TOKEN  sk.eyJ<w 50-120>.<w 20-30>
LocationIQ  https://docs.locationiq.com/docs/authentication  delete it in the LocationIQ dashboard
  locationiq-key  API key  LOCATIONIQ_API_KEY  pk.<hex 32>
MaxMind  https://support.maxmind.com/hc/en-us/articles/4407111582235-Generate-a-License-Key  remove it at maxmind.com under Manage licence keys
  maxmind-key  licence key  MAXMIND_LICENSE_KEY  <an 6>_<an 29>_mmk
Adafruit IO  https://io.adafruit.com/api/docs/  regenerate it at io.adafruit.com
  adafruit-key  key  ADAFRUIT_IO_KEY  aio_<an 28>
Ubidots  https://docs.ubidots.com/reference/authentication  regenerate it in Ubidots under API credentials
  ubidots-token  token  UBIDOTS_TOKEN  BBFF-<an 30>
Nightfall  https://help.nightfall.ai/developer-api  delete it in Nightfall under API keys
  nightfall-key  API key  NIGHTFALL_API_KEY  NF-<an 32>
FullStory  https://developer.fullstory.com/server/authentication/  delete it in FullStory under Settings, API keys
  fullstory-key  API key  FULLSTORY_API_KEY  na1.<b64 100>
Yelp  https://docs.developer.yelp.com/docs/fusion-authentication  refresh it at yelp.com/developers
  yelp-key  API key  YELP_API_KEY  <w 128>  near=yelp
"""
