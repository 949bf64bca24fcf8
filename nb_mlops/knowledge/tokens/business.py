"""Token formats of payments, shops, design, planning and other office services."""

TABLE = """
Paystack  https://paystack.com/docs/api/authentication/  regenerate it in the Paystack dashboard
  paystack-key  secret key  PAYSTACK_SECRET_KEY  sk_(live|test)_<hex 40>
Stripe  https://docs.stripe.com/keys  roll it at dashboard.stripe.com/apikeys
  stripe-key  secret key  STRIPE_API_KEY  sk_live_<an 24-247>
  stripe-test-key  test secret key  STRIPE_API_KEY  sk_test_<an 24-247>
  stripe-restricted-key  restricted key  STRIPE_API_KEY  rk_(live|test)_<an 24-247>
  stripe-webhook-secret  webhook secret  STRIPE_WEBHOOK_SECRET  whsec_<b64 32-64>
Square  https://developer.squareup.com/docs/build-basics/access-tokens  replace it in the Square developer console
  square-token  access token  SQUARE_ACCESS_TOKEN  EAAA<w 60>
  square-older-token  access token  SQUARE_ACCESS_TOKEN  sq0atp-<w 22>
  square-secret  application secret  SQUARE_APPLICATION_SECRET  sq0csp-<w 40-50>
PayPal Braintree  https://developer.paypal.com/braintree/docs/guides/credentials  revoke it in the Braintree control panel
  braintree-token  access token  BRAINTREE_ACCESS_TOKEN  access_token$production$<low 16>$<hex 32>
Plaid  https://plaid.com/docs/api/tokens/  rotate it in the Plaid dashboard under Keys
  plaid-token  access token  PLAID_ACCESS_TOKEN  access-(sandbox|development|production)-<uuid>
  plaid-secret  secret  PLAID_SECRET  <hex 30>  near=plaid
Flutterwave  https://developer.flutterwave.com/docs/authentication  regenerate it in the Flutterwave dashboard
  flutterwave-key  secret key  FLW_SECRET_KEY  FLWSECK-<low 32>-X
  flutterwave-test-key  test secret key  FLW_SECRET_KEY  FLWSECK_TEST-<low 32>-X
Pagar.me  https://docs.pagar.me/docs/chaves-de-acesso  delete it in the Pagar.me dashboard
  pagarme-key  API key  PAGARME_API_KEY  ak_live_<an 30>
GoCardless  https://developer.gocardless.com/api-reference/  revoke it in GoCardless under Developers
  gocardless-token  access token  GOCARDLESS_ACCESS_TOKEN  (live|sandbox)_<w 40>  near=gocardless
Ramp  https://docs.ramp.com/developer-api/v1/authorization  rotate it in Ramp under Developer
  ramp-secret  client secret  RAMP_CLIENT_SECRET  ramp_sec_<an 48>
Etherscan  https://docs.etherscan.io/getting-started/creating-an-account  remove it at etherscan.io/myapikey
  etherscan-key  API key  ETHERSCAN_API_KEY  <up 34>  near=etherscan
Infura  https://docs.metamask.io/services/how-to/secure-an-api/api-key-secret/  rotate it in the Infura dashboard
  infura-key  project key  INFURA_API_KEY  <hex 32>  near=infura
EasyPost  https://docs.easypost.com/docs/authentication  delete it in EasyPost under API keys
  easypost-key  API key  EASYPOST_API_KEY  EZAK<an 54>
  easypost-test-key  test API key  EASYPOST_API_KEY  EZTK<an 54>
Shippo  https://docs.goshippo.com/docs/guides_general/authentication/  delete it in Shippo under Settings, API
  shippo-token  API token  SHIPPO_API_TOKEN  shippo_(live|test)_<hex 40>
Duffel  https://duffel.com/docs/api/overview/welcome  delete it in Duffel under Access tokens
  duffel-token  access token  DUFFEL_ACCESS_TOKEN  duffel_(live|test)_<w 43>
Flexport  https://apidocs.flexport.com/  delete it in Flexport's developer settings
  flexport-token  logistics API token  FLEXPORT_API_KEY  shltm_<w 40>
Lob  https://docs.lob.com/#tag/Authentication  roll it in the Lob dashboard
  lob-key  API key  LOB_API_KEY  (live|test)_<hex 35>  near=lob_,lob.
Shopify  https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens  rotate it in the Shopify admin under Apps
  shopify-token  access token  SHOPIFY_ACCESS_TOKEN  shpat_<hex 32>
  shopify-custom-token  custom app token  SHOPIFY_ACCESS_TOKEN  shpca_<hex 32>
  shopify-private-token  private app password  SHOPIFY_PASSWORD  shppa_<hex 32>
  shopify-secret  shared secret  SHOPIFY_API_SECRET  shpss_<hex 32>
Linear  https://linear.app/developers/graphql  revoke it in Linear under Security & access
  linear-key  API key  LINEAR_API_KEY  lin_api_<an 40>
Asana  https://developers.asana.com/docs/personal-access-token  deauthorise it at app.asana.com/0/my-apps
  asana-token  personal access token  ASANA_ACCESS_TOKEN  <d 1>/<d 16>:<hex 32>
  asana-newer-token  personal access token  ASANA_ACCESS_TOKEN  2/<d 16>/<d 16>:<hex 32>
ClickUp  https://developer.clickup.com/docs/authentication  regenerate it in ClickUp under Apps
  clickup-token  personal token  CLICKUP_TOKEN  pk_<d 7-9>_<up 32>
Figma  https://www.figma.com/developers/api#access-tokens  revoke it in Figma under Settings, Security
  figma-token  personal access token  FIGMA_TOKEN  figd_<w 40>
Frame.io  https://developer.frame.io/docs/getting-started/authentication  delete it at developer.frame.io
  frameio-token  developer token  FRAMEIO_TOKEN  fio-u-<w 64>
Adobe  https://developer.adobe.com/developer-console/docs/guides/authentication/  delete it in the Adobe developer console
  adobe-secret  OAuth client secret  ADOBE_CLIENT_SECRET  p8e-<w 32>
Dropbox  https://developers.dropbox.com/oauth-guide  revoke it at dropbox.com/account/connected_apps
  dropbox-token  access token  DROPBOX_ACCESS_TOKEN  sl.(u.|)<w 130-1400>
  dropbox-older-token  long-lived token  DROPBOX_ACCESS_TOKEN  <an 11>AAAAAAAAAA<w 43>
ReadMe  https://docs.readme.com/main/reference/authentication  delete it in ReadMe under API keys
  readme-key  API key  README_API_KEY  rdme_<low 70>
Fleetbase  https://docs.fleetbase.io/  roll it in the Fleetbase console
  fleetbase-key  API key  FLEETBASE_KEY  flb_live_<an 20>
Ionic  https://ionic.io/docs/appflow/personal-access-tokens  delete it in Ionic under Personal access tokens
  ionic-token  personal access token  IONIC_TOKEN  ion_<low 42>
PubNub  https://www.pubnub.com/docs/general/setup/account-setup  rotate it in the PubNub admin portal
  pubnub-secret  secret key  PUBNUB_SECRET_KEY  sec-c-<b64 48>
Rapid  https://docs.rapidapi.com/docs/keys-and-key-rotation  delete it at rapidapi.com/developer/security
  rapidapi-key  API key  RAPIDAPI_KEY  <hex 10>msh<hex 15>p<hex 6>jsn<hex 12>
Beamer  https://www.getbeamer.com/api  regenerate it in Beamer's settings
  beamer-key  API key  BEAMER_API_KEY  b_<w= 44>  near=beamer
"""
