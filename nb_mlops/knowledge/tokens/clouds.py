"""Token formats of cloud providers."""

TABLE = """
AWS  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html  deactivate it in the IAM console together with its secret key
  aws-access-key-id  access key id  AWS_ACCESS_KEY_ID  (AKIA|ASIA)<up 16>  check=base32 seen=bcgknt
  aws-bearer-id  service credential id  AWS_ACCESS_KEY_ID  (ABIA|ACCA)<up 16>  check=base32 seen=bcgt
  aws-secret-key  secret access key  AWS_SECRET_ACCESS_KEY  <b64 40>  near=aws,amazon,s3_,boto,secretaccesskey,secret_access_key,minio seen=bknt
  aws-session-token  session token  AWS_SESSION_TOKEN  (IQoJb3JpZ2lu|FwoGZXIvYXdz)<b64 200-1800>  seen=t
  aws-bedrock-key  Bedrock API key  AWS_BEARER_TOKEN_BEDROCK  ABSK<b64 109-269>  seen=bcgt
  aws-bedrock-short-key  short-lived Bedrock API key  AWS_BEARER_TOKEN_BEDROCK  bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t<b64 60-1800>  seen=bg
  aws-mws-token  MWS auth token  MWS_AUTH_TOKEN  amzn.mws.<uuid>  seen=cn
  amazon-oauth-secret  OAuth client secret  AMAZON_CLIENT_SECRET  amzn1.oa2-cs.v1.<hex 64>  seen=f
Google  https://cloud.google.com/docs/authentication/api-keys  delete it at console.cloud.google.com/apis/credentials
  google-api-key  API key  GOOGLE_API_KEY  AIza<w 35>  seen=bcgn
  google-auth-key  API key bound to a service account  GEMINI_API_KEY  AQ.Ab<w 46-60>  seen=b
  google-oauth-secret  OAuth client secret  GOOGLE_CLIENT_SECRET  GOCSPX-<w 28>  seen=ckn
  google-access-token  OAuth access token  GOOGLE_OAUTH_ACCESS_TOKEN  ya29.<w 60-400>  seen=cknt
  google-refresh-token  OAuth refresh token  GOOGLE_REFRESH_TOKEN  1//0<w 60-120>  seen=c
  google-hmac-id  storage HMAC access id  GCS_ACCESS_KEY_ID  GOOG1E<up 55>  seen=f
  firebase-server-key  Cloud Messaging server key  FCM_SERVER_KEY  AAAA<w 7>:<w 140>  seen=f
Azure  https://github.com/microsoft/security-utilities  rotate it in the Azure portal under the resource's keys
  azure-storage-key  storage account key  AZURE_STORAGE_CONNECTION_STRING  AccountKey=<b64 86>==  seen=bkt
  azure-storage-key-marked  storage account key  AZURE_STORAGE_KEY  <b64 76>+ASt<b64 6>==  seen=i
  azure-batch-key  Batch account key  AZURE_BATCH_KEY  <b64 76>+ABa<b64 6>==  seen=i
  azure-cosmos-key  Cosmos DB key  AZURE_COSMOS_KEY  <b64 76>ACDb<b64 6>==  seen=i
  azure-ml-key  ML Studio key  AZUREML_API_KEY  <b64 76>+AMC<b64 6>==  seen=i
  azure-event-hub-key  Event Hubs key  EVENTHUB_CONNECTION_STRING  <b64 33>+AEh<b64 6>=  seen=i
  azure-service-bus-key  Service Bus key  SERVICEBUS_CONNECTION_STRING  <b64 33>+ASb<b64 6>=  seen=i
  azure-iot-key  IoT Hub key  IOTHUB_CONNECTION_STRING  <b64 33>AIoT<b64 6>=  seen=i
  azure-cache-key  Cache for Redis key  AZURE_REDIS_KEY  <b64 33>AzCa<b64 6>=  seen=i
  azure-relay-key  Relay key  RELAY_CONNECTION_STRING  <b64 33>+ARm<b64 6>=  seen=i
  azure-event-grid-key  Event Grid key  EVENTGRID_KEY  <b64 33>AZEG<b64 6>=  seen=i
  azure-api-management-key  API Management key  APIM_SUBSCRIPTION_KEY  <b64 76>APIM<b64 6>==  seen=i
  azure-search-key  AI Search key  AZURE_SEARCH_KEY  <an 42>AzSe<an 6>  seen=i
  azure-registry-password  container registry password  ACR_PASSWORD  <b64 42>+ACR<b64 6>  seen=i
  azure-function-key  Functions key  AZURE_FUNCTION_KEY  <w 44>AzFu<w 6>==  seen=i
  azure-ai-key  OpenAI or AI services key  AZURE_OPENAI_API_KEY  <an 52>JQQJ99<an 18>ACOG<an 4>  seen=i
  azure-annotated-key  annotated key  AZURE_KEY  <an 52>JQQJ9(9|D|H)<an 26>  seen=i
  azure-openai-key  OpenAI key  AZURE_OPENAI_API_KEY  <hex 32>  near=azure seen=kt
Azure Entra  https://learn.microsoft.com/en-us/entra/identity-platform/howto-create-service-principal-portal  delete it in the app registration under Certificates & secrets
  azure-client-secret  client secret  AZURE_CLIENT_SECRET  <w~ 3>(7|8)Q~<w~ 31-34>  find=Q~ seen=i
Azure DevOps  https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate  revoke it under User settings, Personal access tokens
  azure-devops-pat  personal access token  AZURE_DEVOPS_EXT_PAT  <an 76>AZDO<an 4>  seen=i
  azure-devops-older-pat  personal access token  AZURE_DEVOPS_EXT_PAT  <b32low 52>  near=azure,devops,ado_pat,vsts seen=i
DigitalOcean  https://docs.digitalocean.com/reference/api/create-personal-access-token/  delete it at cloud.digitalocean.com/account/api/tokens
  digitalocean-token  personal access token  DIGITALOCEAN_TOKEN  dop_v1_<hex 64>  seen=bcgknt
  digitalocean-oauth-token  OAuth token  DIGITALOCEAN_TOKEN  doo_v1_<hex 64>  seen=bcgknt
  digitalocean-refresh-token  refresh token  DIGITALOCEAN_TOKEN  dor_v1_<hex 64>  seen=bcgknt
Alibaba Cloud  https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair  disable it in the RAM console together with its secret
  alibaba-key-id  access key id  ALIBABA_CLOUD_ACCESS_KEY_ID  LTAI<an 17-21>  seen=bcgkt
  alibaba-secret  access key secret  ALIBABA_CLOUD_ACCESS_KEY_SECRET  <an 30>  near=alibaba,aliyun,oss_access seen=bgkt
  alibaba-sts-id  temporary access key id  ALIBABA_CLOUD_ACCESS_KEY_ID  STS.<an 18-40>  near=alibaba,aliyun,sts seen=b
Tencent Cloud  https://www.tencentcloud.com/document/product/598/32675  disable it in the CAM console under API keys
  tencent-key-id  secret id  TENCENTCLOUD_SECRET_ID  AKID<an 32>  seen=f
Yandex Cloud  https://yandex.cloud/en/docs/iam/concepts/authorization/api-key  delete it in the Yandex Cloud console
  yandex-key  API key  YANDEX_API_KEY  AQVN<w 35-38>  seen=bg
Cloudflare  https://developers.cloudflare.com/fundamentals/api/get-started/token-formats/  roll it at dash.cloudflare.com/profile/api-tokens
  cloudflare-token  API token  CLOUDFLARE_API_TOKEN  (cfut|cfat)_<an 40><hex 8>  seen=i
  cloudflare-key  global API key  CLOUDFLARE_API_KEY  cfk_<an 40><hex 8>  seen=i
  cloudflare-origin-key  origin CA key  CLOUDFLARE_API_USER_SERVICE_KEY  v1.0-<hex 24>-<hex 146>  seen=bgkt
  cloudflare-older-token  API token  CLOUDFLARE_API_TOKEN  <w 40>  near=cloudflare seen=bgkt
Heroku  https://devcenter.heroku.com/articles/authentication  revoke it with `heroku authorizations:revoke`
  heroku-key  API key  HEROKU_API_KEY  HRKU-AA<w 58>  seen=bcgt
  heroku-older-key  API key  HEROKU_API_KEY  <uuid>  near=heroku seen=bgknt
Fly.io  https://fly.io/docs/security/tokens/  revoke it with `fly tokens revoke`
  fly-token  access token  FLY_API_TOKEN  (fm1r|fm1a|fm2)_<b64 100-700>  seen=g
  fly-older-token  access token  FLY_API_TOKEN  fo1_<w 43>  seen=g
Netlify  https://docs.netlify.com/api/get-started/  revoke it at app.netlify.com/user/applications
  netlify-token  access token  NETLIFY_AUTH_TOKEN  nfp_<an 36>  seen=bcgt
Vercel  https://vercel.com/docs/rest-api  delete it at vercel.com/account/tokens
  vercel-token  access token  VERCEL_TOKEN  (vcp|vci|vca|vcr)_<an 24-80>  seen=f
  vercel-gateway-key  AI gateway key  AI_GATEWAY_API_KEY  vck_<an 56>  seen=b
  vercel-older-token  access token  VERCEL_TOKEN  <an 24>  near=vercel seen=bkt
Scalingo  https://developers.scalingo.com/  revoke it in the Scalingo dashboard under Tokens
  scalingo-token  API token  SCALINGO_API_TOKEN  tk-us-<w 48>  seen=bg
Scaleway  https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/  delete it in the Scaleway console under API keys
  scaleway-secret  secret key  SCW_SECRET_KEY  <uuid>  near=scaleway,scw_secret seen=bkt
Vultr  https://www.vultr.com/api/  regenerate it at my.vultr.com/settings/#settingsapi
  vultr-key  API key  VULTR_API_KEY  <up 36>  near=vultr seen=kt
Hetzner  https://docs.hetzner.cloud/  delete it in the Hetzner console under Security, API tokens
  hetzner-token  API token  HCLOUD_TOKEN  <an 64>  near=hetzner,hcloud seen=f
Linode  https://techdocs.akamai.com/linode-api/reference/get-started  revoke it at cloud.linode.com/profile/tokens
  linode-token  access token  LINODE_TOKEN  <hex 64>  near=linode seen=f
OpenShift  https://docs.openshift.com/container-platform/latest/authentication/understanding-authentication.html  revoke it with `oc delete useroauthaccesstokens`
  openshift-token  user token  OPENSHIFT_TOKEN  sha256~<w 43>  seen=bg
Render  https://render.com/docs/api  revoke it at dashboard.render.com under Account settings, API keys
  render-key  API key  RENDER_API_KEY  rnd_<an 28-32>  seen=bf
UpCloud  https://developers.upcloud.com/1.3/  delete it in the UpCloud control panel under API tokens
  upcloud-token  API token  UPCLOUD_TOKEN  ucat_<an 24-32>  seen=b
Akamai  https://techdocs.akamai.com/developer/docs/edgegrid  deactivate it in Akamai's Control Center under Identity & access
  akamai-token  EdgeGrid token  AKAMAI_ACCESS_TOKEN  akab-<low 16>-<low 16>  seen=c
Deno  https://docs.deno.com/deploy/  revoke it at dash.deno.com/account
  deno-token  Deploy access token  DENO_DEPLOY_TOKEN  (ddp|ddo|ddw)_<an 36>  seen=bft
"""
