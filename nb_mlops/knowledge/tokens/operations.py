"""Token formats of monitoring, alerting, identity and networks."""

TABLE = """
Grafana  https://grafana.com/docs/grafana/latest/administration/service-accounts/  delete it in Grafana under Service accounts
  grafana-token  service account token  GRAFANA_TOKEN  glsa_<an 32>_<hex 8>  seen=bcgknt
  grafana-cloud-token  Cloud access policy token  GRAFANA_CLOUD_TOKEN  glc_eyJ<b64 60-400>  seen=g
  grafana-older-key  API key  GRAFANA_API_KEY  eyJrIjoi<an 60-400>  seen=bcg
Sentry  https://docs.sentry.io/account/auth-tokens/  revoke it at sentry.io/settings/auth-tokens
  sentry-org-token  organisation token  SENTRY_AUTH_TOKEN  sntrys_eyJ<b64 80-400>(_|=_|==_)<b64 43>  seen=bcg
  sentry-user-token  user token  SENTRY_AUTH_TOKEN  sntryu_<hex 64>  seen=bcgt
  sentry-older-token  auth token  SENTRY_AUTH_TOKEN  <hex 64>  near=sentry seen=bgkt
New Relic  https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/  delete it in New Relic under API keys
  newrelic-user-key  user key  NEW_RELIC_API_KEY  NRAK-<up 27>  seen=bcgnt
  newrelic-insert-key  insert key  NEW_RELIC_INSERT_KEY  NRII-<w 25-32>  seen=bgn
  newrelic-query-key  query key  NEW_RELIC_QUERY_KEY  NRIQ-<w 25-32>  seen=nt
  newrelic-browser-key  browser key  NEW_RELIC_BROWSER_KEY  (NRJS|NRBR)-<hex 19>  seen=bcg
  newrelic-licence-key  licence key  NEW_RELIC_LICENSE_KEY  <hex 32>FFFFNRAL  seen=nt
Datadog  https://docs.datadoghq.com/account_management/api-app-keys/  revoke it in Datadog under Organization settings
  datadog-app-key  application key  DD_APP_KEY  <hex 40>  near=datadog,dd_app seen=bgkt
  datadog-api-key  API key  DD_API_KEY  <hex 32>  near=datadog,dd_api seen=bkt
Dynatrace  https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens  revoke it in Dynatrace under Access tokens
  dynatrace-token  access token  DT_API_TOKEN  (dt0c01|dt0s01|dt0s02|dt0s04|dt0s06|dt0s08).<up 24>.<up 64>  seen=i
  dynatrace-platform-token  platform token  DT_PLATFORM_TOKEN  dt0s16.<up 8>.<up 64>  seen=f
Honeycomb  https://docs.honeycomb.io/configure/environments/manage-api-keys/  delete it in Honeycomb under API keys
  honeycomb-key  API key  HONEYCOMB_API_KEY  <an 22>  near=honeycomb seen=bkt
Rootly  https://docs.rootly.com/api-reference/overview  revoke it in Rootly under API keys
  rootly-key  API key  ROOTLY_API_KEY  rootly_<hex 64>  seen=bt
PagerDuty  https://support.pagerduty.com/docs/api-access-keys  remove it in PagerDuty under API access keys
  pagerduty-key  API key  PAGERDUTY_API_KEY  <w+ 20>  near=pagerduty seen=ft
LaunchDarkly  https://launchdarkly.com/docs/home/account/api  reset it in LaunchDarkly under Authorization
  launchdarkly-key  SDK or API key  LAUNCHDARKLY_SDK_KEY  (sdk|api)-<uuid>  seen=bg
Sumo Logic  https://help.sumologic.com/docs/manage/security/access-keys/  delete it in Sumo Logic under Access keys
  sumologic-key  access key  SUMOLOGIC_ACCESSKEY  <an 64>  near=sumo seen=bgt
Okta  https://developer.okta.com/docs/guides/create-an-api-token/main/  revoke it in Okta under Security, API, Tokens
  okta-token  API token  OKTA_API_TOKEN  00<w 40>  near=okta seen=bgknt
Auth0  https://auth0.com/docs/secure/application-credentials  rotate it in Auth0 under the application's settings
  auth0-secret  client secret  AUTH0_CLIENT_SECRET  <w 64>  near=auth0 seen=k
Authress  https://authress.io/knowledge-base/docs/authorization/service-clients/  delete it in Authress under Service clients
  authress-key  service client key  AUTHRESS_KEY  (sc|ext|scauth)_<low 5-30>.<low 4-6>.acc(_|-)<low 10-32>.<w 30-120>  seen=bg
Salesforce  https://help.salesforce.com/s/articleView?id=sf.remoteaccess_oauth_tokens_scopes.htm  revoke it in Salesforce under Connected apps OAuth usage
  salesforce-token  access token  SALESFORCE_ACCESS_TOKEN  00D<an 12>!A<w. 89-109>  find=00D seen=bc
Zoho  https://www.zoho.com/accounts/protocol/oauth.html  revoke it at accounts.zoho.com under Connected apps
  zoho-token  access token  ZOHO_ACCESS_TOKEN  1000.<hex 32>.<hex 32>  seen=kt
Cisco Meraki  https://developer.cisco.com/meraki/api-v1/authorization/  revoke it in the Meraki dashboard under My profile
  meraki-key  API key  MERAKI_DASHBOARD_API_KEY  <hex 40>  near=meraki seen=bgt
ngrok  https://ngrok.com/docs/agent/#authtokens  delete it at dashboard.ngrok.com under Authtokens
  ngrok-token  authtoken  NGROK_AUTHTOKEN  2<an 26>_<d 1><an 20>  seen=kt
Shodan  https://developer.shodan.io/api  reset it at account.shodan.io
  shodan-key  API key  SHODAN_API_KEY  <an 32>  near=shodan seen=kt
VirusTotal  https://docs.virustotal.com/reference/authentication  reset it at virustotal.com under API key
  virustotal-key  API key  VT_API_KEY  <hex 64>  near=virustotal,vt_api seen=kt
Docker Swarm  https://docs.docker.com/engine/swarm/join-nodes/  rotate it with `docker swarm join-token --rotate`
  swarm-token  join token  SWARM_TOKEN  SWMTKN-1-<low 49-50>-<low 25>  seen=bc
  swarm-key  unlock key  SWARM_KEY  SWMKEY-1-<b64 43>  seen=bc
"""
