"""Token formats of cloud providers."""

TABLE = """
AWS  https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html  deactivate it in the IAM console together with its secret key
  aws-access-key-id  access key id  AWS_ACCESS_KEY_ID  (AKIA|ASIA)<up 16>  check=base32
  aws-bearer-id  service credential id  AWS_ACCESS_KEY_ID  (ABIA|ACCA)<up 16>  check=base32
  aws-secret-key  secret access key  AWS_SECRET_ACCESS_KEY  <b64 40>  near=aws,amazon,s3_,boto,secretaccesskey,secret_access_key,minio
  aws-session-token  session token  AWS_SESSION_TOKEN  (IQoJb3JpZ2lu|FwoGZXIvYXdz)<b64 200-1800>
  aws-bedrock-key  Bedrock API key  AWS_BEARER_TOKEN_BEDROCK  ABSK<b64 109-269>
  aws-mws-token  MWS auth token  MWS_AUTH_TOKEN  amzn.mws.<uuid>
  amazon-oauth-secret  OAuth client secret  AMAZON_CLIENT_SECRET  amzn1.oa2-cs.v1.<hex 64>
Google  https://cloud.google.com/docs/authentication/api-keys  delete it at console.cloud.google.com/apis/credentials
  google-api-key  API key  GOOGLE_API_KEY  AIza<w 35>
  google-auth-key  API key bound to a service account  GEMINI_API_KEY  AQ.Ab<w 46-60>
  google-oauth-secret  OAuth client secret  GOOGLE_CLIENT_SECRET  GOCSPX-<w 28>
  google-access-token  OAuth access token  GOOGLE_OAUTH_ACCESS_TOKEN  ya29.<w 60-400>
  google-refresh-token  OAuth refresh token  GOOGLE_REFRESH_TOKEN  1//0<w 60-120>
  google-hmac-id  storage HMAC access id  GCS_ACCESS_KEY_ID  GOOG1E<up 55>
  firebase-server-key  Cloud Messaging server key  FCM_SERVER_KEY  AAAA<w 7>:<w 140>
Azure  https://learn.microsoft.com/en-us/azure/key-vault/secrets/overview-storage-keys  rotate it in the Azure portal under the resource's keys
  azure-storage-key  storage account key  AZURE_STORAGE_CONNECTION_STRING  AccountKey=<b64 86>==
  azure-storage-key-marked  storage account key  AZURE_STORAGE_KEY  <b64 76>+ASt<b64 6>==
  azure-batch-key  Batch account key  AZURE_BATCH_KEY  <b64 76>+ABa<b64 6>==
  azure-cosmos-key  Cosmos DB key  AZURE_COSMOS_KEY  <b64 76>ACDb<b64 6>==
  azure-ml-key  ML Studio key  AZUREML_API_KEY  <b64 76>+AMC<b64 6>==
  azure-event-hub-key  Event Hubs key  EVENTHUB_CONNECTION_STRING  <b64 33>+AEh<b64 6>=
  azure-service-bus-key  Service Bus key  SERVICEBUS_CONNECTION_STRING  <b64 33>+ASb<b64 6>=
  azure-iot-key  IoT Hub key  IOTHUB_CONNECTION_STRING  <b64 33>AIoT<b64 6>=
  azure-cache-key  Cache for Redis key  AZURE_REDIS_KEY  <an 33>AzCa<an 6>=
  azure-search-key  AI Search key  AZURE_SEARCH_KEY  <an 42>AzSe<an 6>
  azure-registry-password  container registry password  ACR_PASSWORD  <b64 42>+ACR<b64 6>
  azure-function-key  Functions key  AZURE_FUNCTION_KEY  <w 44>AzFu<w 6>==
  azure-openai-key  OpenAI key  AZURE_OPENAI_API_KEY  <hex 32>  near=azure
Azure Entra  https://learn.microsoft.com/en-us/entra/identity-platform/howto-create-service-principal-portal  delete it in the app registration under Certificates & secrets
  azure-client-secret  client secret  AZURE_CLIENT_SECRET  <w~ 3><d 1>Q~<w~ 31-34>  find=Q~
Azure DevOps  https://learn.microsoft.com/en-us/azure/devops/organizations/accounts/use-personal-access-tokens-to-authenticate  revoke it under User settings, Personal access tokens
  azure-devops-pat  personal access token  AZURE_DEVOPS_EXT_PAT  <an 76>AZDO<an 4>
  azure-devops-older-pat  personal access token  AZURE_DEVOPS_EXT_PAT  <low 52>  near=azure,devops,ado_pat,vsts
DigitalOcean  https://docs.digitalocean.com/reference/api/create-personal-access-token/  delete it at cloud.digitalocean.com/account/api/tokens
  digitalocean-token  personal access token  DIGITALOCEAN_TOKEN  dop_v1_<hex 64>
  digitalocean-oauth-token  OAuth token  DIGITALOCEAN_TOKEN  doo_v1_<hex 64>
  digitalocean-refresh-token  refresh token  DIGITALOCEAN_TOKEN  dor_v1_<hex 64>
Alibaba Cloud  https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair  disable it in the RAM console together with its secret
  alibaba-key-id  access key id  ALIBABA_CLOUD_ACCESS_KEY_ID  LTAI<an 17-21>
  alibaba-secret  access key secret  ALIBABA_CLOUD_ACCESS_KEY_SECRET  <an 30>  near=alibaba,aliyun,oss_access
Tencent Cloud  https://www.tencentcloud.com/document/product/598/32675  disable it in the CAM console under API keys
  tencent-key-id  secret id  TENCENTCLOUD_SECRET_ID  AKID<an 32>
Yandex Cloud  https://yandex.cloud/en/docs/iam/concepts/authorization/api-key  delete it in the Yandex Cloud console
  yandex-key  API key  YANDEX_API_KEY  AQVN<w 35-38>
Cloudflare  https://developers.cloudflare.com/fundamentals/api/get-started/create-token/  roll it at dash.cloudflare.com/profile/api-tokens
  cloudflare-token  API token  CLOUDFLARE_API_TOKEN  (cfut|cfat)_<an 40><hex 8>
  cloudflare-key  global API key  CLOUDFLARE_API_KEY  cfk_<an 40><hex 8>
  cloudflare-origin-key  origin CA key  CLOUDFLARE_API_USER_SERVICE_KEY  v1.0-<hex 24>-<hex 146>
  cloudflare-older-token  API token  CLOUDFLARE_API_TOKEN  <w 40>  near=cloudflare
Heroku  https://devcenter.heroku.com/articles/authentication  revoke it with `heroku authorizations:revoke`
  heroku-key  API key  HEROKU_API_KEY  HRKU-AA<w 58>
  heroku-older-key  API key  HEROKU_API_KEY  <uuid>  near=heroku
Fly.io  https://fly.io/docs/security/tokens/  revoke it with `fly tokens revoke`
  fly-token  access token  FLY_API_TOKEN  (fm1r|fm1a|fm2)_<b64 100-700>
  fly-older-token  access token  FLY_API_TOKEN  fo1_<w 43>
Netlify  https://docs.netlify.com/api/get-started/  revoke it at app.netlify.com/user/applications
  netlify-token  access token  NETLIFY_AUTH_TOKEN  nfp_<an 36>
Vercel  https://vercel.com/docs/rest-api  delete it at vercel.com/account/tokens
  vercel-token  access token  VERCEL_TOKEN  (vcp|vci|vca|vcr)_<an 24-80>
  vercel-gateway-key  AI gateway key  AI_GATEWAY_API_KEY  vck_<an 56>
  vercel-older-token  access token  VERCEL_TOKEN  <an 24>  near=vercel
Scalingo  https://developers.scalingo.com/  revoke it in the Scalingo dashboard under Tokens
  scalingo-token  API token  SCALINGO_API_TOKEN  tk-us-<w 48>
Scaleway  https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/  delete it in the Scaleway console under API keys
  scaleway-secret  secret key  SCW_SECRET_KEY  <uuid>  near=scaleway,scw_secret
Vultr  https://www.vultr.com/api/  regenerate it at my.vultr.com/settings/#settingsapi
  vultr-key  API key  VULTR_API_KEY  <up 36>  near=vultr
Hetzner  https://docs.hetzner.cloud/  delete it in the Hetzner console under Security, API tokens
  hetzner-token  API token  HCLOUD_TOKEN  <an 64>  near=hetzner,hcloud
Linode  https://techdocs.akamai.com/linode-api/reference/get-started  revoke it at cloud.linode.com/profile/tokens
  linode-token  access token  LINODE_TOKEN  <hex 64>  near=linode
OpenShift  https://docs.openshift.com/container-platform/latest/authentication/understanding-authentication.html  revoke it with `oc delete useroauthaccesstokens`
  openshift-token  user token  OPENSHIFT_TOKEN  sha256~<w 43>
"""
