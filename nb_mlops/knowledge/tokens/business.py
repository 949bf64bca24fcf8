"""Token formats of payments, shops, design, planning and other office services."""

TABLE = """
Paystack  https://paystack.com/docs/api/authentication/  regenerate it in the Paystack dashboard
  paystack-key  secret key  PAYSTACK_SECRET_KEY  sk_(live|test)_<hex 40>  seen=kt
Stripe  https://docs.stripe.com/keys  roll it at dashboard.stripe.com/apikeys
  stripe-key  secret key  STRIPE_API_KEY  sk_live_<an 24-247>  seen=bcgkt
  stripe-test-key  test secret key  STRIPE_API_KEY  sk_test_<an 24-247>  seen=c
  stripe-restricted-key  restricted key  STRIPE_API_KEY  rk_(live|test)_<an 24-247>  seen=bcgt
  stripe-webhook-secret  webhook secret  STRIPE_WEBHOOK_SECRET  whsec_<b64 32-64>  seen=c
Square  https://developer.squareup.com/docs/build-basics/access-tokens  replace it in the Square developer console
  square-token  access token  SQUARE_ACCESS_TOKEN  EAAA<w 60>  seen=bcgkt
  square-older-token  access token  SQUARE_ACCESS_TOKEN  sq0atp-<w 22>  seen=bcgkn
  square-secret  application secret  SQUARE_APPLICATION_SECRET  sq0csp-<w 40-50>  seen=cknt
PayPal Braintree  https://developer.paypal.com/braintree/docs/guides/extend/oauth/access-tokens  revoke it in the Braintree control panel
  braintree-token  access token  BRAINTREE_ACCESS_TOKEN  access_token$production$<low 16>$<hex 32>  seen=c
Plaid  https://plaid.com/docs/api/tokens/  rotate it in the Plaid dashboard under Keys
  plaid-token  access token  PLAID_ACCESS_TOKEN  access-(sandbox|development|production)-<uuid>  seen=bgt
  plaid-secret  secret  PLAID_SECRET  <hex 30>  near=plaid seen=bgt
Flutterwave  https://developer.flutterwave.com/docs/authentication  regenerate it in the Flutterwave dashboard
  flutterwave-key  secret key  FLW_SECRET_KEY  FLWSECK-<low 32>-X  seen=t
  flutterwave-test-key  test secret key  FLW_SECRET_KEY  FLWSECK_TEST-<low 32>-X  seen=bg
Pagar.me  https://docs.pagar.me/docs/chaves-de-acesso  delete it in the Pagar.me dashboard
  pagarme-key  API key  PAGARME_API_KEY  ak_live_<an 30>  seen=kt
GoCardless  https://developer.gocardless.com/api-reference/  revoke it in GoCardless under Developers
  gocardless-token  access token  GOCARDLESS_ACCESS_TOKEN  (live|sandbox)_<w 40>  near=gocardless seen=bgkt
Ramp  https://docs.ramp.com/developer-api/v1/authorization  rotate it in Ramp under Developer
  ramp-secret  client secret  RAMP_CLIENT_SECRET  ramp_sec_<an 48>  seen=bt
Etherscan  https://docs.etherscan.io/getting-started/creating-an-account  remove it at etherscan.io/myapikey
  etherscan-key  API key  ETHERSCAN_API_KEY  <up 34>  near=etherscan seen=kt
Infura  https://docs.metamask.io/services/how-to/secure-an-api/api-key-secret/  rotate it in the Infura dashboard
  infura-key  project key  INFURA_API_KEY  <hex 32>  near=infura seen=kt
EasyPost  https://docs.easypost.com/docs/authentication  delete it in EasyPost under API keys
  easypost-key  API key  EASYPOST_API_KEY  EZAK<an 54>  seen=bgk
  easypost-test-key  test API key  EASYPOST_API_KEY  EZTK<an 54>  seen=bgk
Shippo  https://docs.goshippo.com/docs/guides_general/authentication/  delete it in Shippo under Settings, API
  shippo-token  API token  SHIPPO_API_TOKEN  shippo_(live|test)_<hex 40>  seen=bgk
Duffel  https://duffel.com/docs/api/overview/welcome  delete it in Duffel under Access tokens
  duffel-token  access token  DUFFEL_ACCESS_TOKEN  duffel_(live|test)_<w 43>  seen=bg
Flexport  https://apidocs.flexport.com/  delete it in Flexport's developer settings
  flexport-token  logistics API token  FLEXPORT_API_KEY  shltm_<w 40>  seen=kt
Lob  https://docs.lob.com/#tag/Authentication  roll it in the Lob dashboard
  lob-key  API key  LOB_API_KEY  (live|test)_<hex 35>  near=lob_,lob. seen=bgkt
Shopify  https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens  rotate it in the Shopify admin under Apps
  shopify-token  access token  SHOPIFY_ACCESS_TOKEN  shpat_<hex 32>  seen=bcgknt
  shopify-toolkit-token  theme access password  SHOPIFY_CLI_THEME_TOKEN  shptka_<hex 32>  seen=c
  shopify-custom-token  custom app token  SHOPIFY_ACCESS_TOKEN  shpca_<hex 32>  seen=bcgkn
  shopify-private-token  private app password  SHOPIFY_PASSWORD  shppa_<hex 32>  seen=bcgknt
  shopify-secret  shared secret  SHOPIFY_API_SECRET  shpss_<hex 32>  seen=bcgknt
Linear  https://linear.app/developers/graphql  revoke it in Linear under Security & access
  linear-key  API key  LINEAR_API_KEY  lin_api_<an 40>  seen=bcgkt
Asana  https://developers.asana.com/docs/personal-access-token  deauthorise it at app.asana.com/0/my-apps
  asana-token  personal access token  ASANA_ACCESS_TOKEN  <d 1>/<d 16>:<hex 32>  seen=kt
  asana-newer-token  personal access token  ASANA_ACCESS_TOKEN  2/<d 16>/<d 16>:<hex 32>  seen=kt
ClickUp  https://developer.clickup.com/docs/authentication  regenerate it in ClickUp under Apps
  clickup-token  personal token  CLICKUP_TOKEN  pk_<d 7-9>_<up 32>  seen=bkt
Figma  https://www.figma.com/developers/api#access-tokens  revoke it in Figma under Settings, Security
  figma-token  personal access token  FIGMA_TOKEN  figd_<w 40>  seen=bct
Frame.io  https://developer.frame.io/docs/getting-started/authentication  delete it at developer.frame.io
  frameio-token  developer token  FRAMEIO_TOKEN  fio-u-<w 64>  seen=bgkt
Adobe  https://developer.adobe.com/developer-console/docs/guides/authentication/  delete it in the Adobe developer console
  adobe-secret  OAuth client secret  ADOBE_CLIENT_SECRET  p8e-<w 32>  seen=kn
Dropbox  https://developers.dropbox.com/oauth-guide  revoke it at dropbox.com/account/connected_apps
  dropbox-token  access token  DROPBOX_ACCESS_TOKEN  sl.(u.|)<w 130-1400>  seen=t
  dropbox-older-token  long-lived token  DROPBOX_ACCESS_TOKEN  <an 11>AAAAAAAAAA<w 43>  seen=bg
ReadMe  https://docs.readme.com/main/reference/authentication  delete it in ReadMe under API keys
  readme-key  API key  README_API_KEY  rdme_<low 70>  seen=bgkt
Fleetbase  https://docs.fleetbase.io/  roll it in the Fleetbase console
  fleetbase-key  API key  FLEETBASE_KEY  flb_live_<an 20>  seen=kt
Ionic  https://ionic.io/docs/appflow/personal-access-tokens  delete it in Ionic under Personal access tokens
  ionic-token  personal access token  IONIC_TOKEN  ion_<low 42>  seen=bk
PubNub  https://www.pubnub.com/docs/general/setup/account-setup  rotate it in the PubNub admin portal
  pubnub-secret  secret key  PUBNUB_SECRET_KEY  sec-c-<b64 48>  seen=f
Rapid  https://docs.rapidapi.com/docs/keys-and-key-rotation  delete it at rapidapi.com/developer/security
  rapidapi-key  API key  RAPIDAPI_KEY  <hex 10>msh<hex 15>p<hex 6>jsn<hex 12>  seen=bgkt
Beamer  https://www.getbeamer.com/api  regenerate it in Beamer's settings
  beamer-key  API key  BEAMER_API_KEY  b_<w= 44>  near=beamer seen=bgk
Paddle  https://developer.paddle.com/api-reference/about/api-keys  revoke it in Paddle under Developer tools
  paddle-key  API key  PADDLE_API_KEY  pdl_live_apikey_<low 26>_<an 22>_<an 3>  seen=b
Polar  https://polar.sh/docs/integrate/oat  delete it at polar.sh under Settings
  polar-token  access token  POLAR_ACCESS_TOKEN  (polar_oat|polar_pat|polar_at)_<w 40-100>  seen=b
WakaTime  https://wakatime.com/developers  reset it at wakatime.com/settings/api-key
  wakatime-key  API key  WAKATIME_API_KEY  waka_<uuid>  seen=b
"""
