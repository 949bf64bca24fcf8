"""Token formats of chat, mail, telephony and social networks."""

TABLE = """
Slack  https://docs.slack.dev/authentication/tokens  revoke it with Slack's auth.revoke or in the app's settings
  slack-config-token  configuration token  SLACK_CONFIG_TOKEN  xoxe.xoxp-<d 1>-<an 146-170>  seen=bgk
  slack-bot-token  bot token  SLACK_BOT_TOKEN  xoxb-<an- 20-160>  seen=c
  slack-user-token  user token  SLACK_TOKEN  xoxp-<an- 20-160>  seen=c
  slack-workspace-token  workspace token  SLACK_TOKEN  (xoxa|xoxc|xoxd|xoxr|xoxs|xoxo)-<an- 20-160>  seen=c
  slack-refresh-token  configuration refresh token  SLACK_CONFIG_REFRESH_TOKEN  xoxe-<d 1>-<an 130-170>  seen=c
  slack-app-token  app-level token  SLACK_APP_TOKEN  xapp-<d 1>-<up 9-13>-<d 10-14>-<hex 64>  seen=bcgk
  slack-webhook  incoming webhook  SLACK_WEBHOOK_URL  hooks.slack.com/services/T<up 8-12>/B<up 8-12>/<an 23-25>  seen=bcg
  slack-workflow  workflow webhook  SLACK_WEBHOOK_URL  hooks.slack.com/workflows/T<up 8-12>/A<up 8-12>/<d 17-19>/<an 24>  seen=bgt
  slack-trigger  trigger webhook  SLACK_WEBHOOK_URL  hooks.slack.com/triggers/T<up 8-12>/<d 12-14>/<hex 32>  seen=bg
Discord  https://discord.com/developers/docs/reference#authentication  reset it in the Discord developer portal
  discord-bot-token  bot token  DISCORD_TOKEN  <w 24-28>.<w 6>.<w 27-38>  check=discord seen=c
  discord-webhook  webhook  DISCORD_WEBHOOK_URL  (discord.com|discordapp.com)/api/webhooks/<d 17-20>/<w 60-72>  seen=c
Telegram  https://core.telegram.org/bots/api#authorizing-your-bot  revoke it with @BotFather
  telegram-bot-token  bot token  TELEGRAM_BOT_TOKEN  <d 8-10>:AA<w 33>  seen=bcgknt
Microsoft Teams  https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook  remove the connector in the channel
  teams-webhook  incoming webhook  TEAMS_WEBHOOK_URL  webhook.office.com/webhookb2/<uuid>@<uuid>/IncomingWebhook/<hex 32>/<uuid>  seen=bgt
NATS  https://docs.nats.io/running-a-nats-service/configuration/securing_nats/auth_intro/nkey_auth  make a new key pair with nsc or nk
  nats-seed  NKey seed  NATS_SEED  S(O|A|U|X|N|C)<b32 56>  check=nkey seen=c
Zapier  https://help.zapier.com/hc/en-us/articles/8496288690317  make a new hook in Zapier
  zapier-webhook  webhook  ZAPIER_WEBHOOK_URL  hooks.zapier.com/hooks/catch/<d 6-10>/<low 6-8>  seen=t
Twilio  https://www.twilio.com/docs/iam/api-keys  delete it in the Twilio console under API keys
  twilio-key  API key SID  TWILIO_API_KEY  SK<hex 32>  unsure seen=bcgknt
  twilio-auth-token  auth token  TWILIO_AUTH_TOKEN  <hex 32>  near=twilio seen=kt
SendGrid  https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys  delete it at app.sendgrid.com/settings/api_keys
  sendgrid-key  API key  SENDGRID_API_KEY  SG.<w 22>.<w 43>  seen=bcgknt
Mailgun  https://documentation.mailgun.com/docs/mailgun/api-reference/  delete it in Mailgun under API security
  mailgun-key  API key  MAILGUN_API_KEY  key-<hex 32>  seen=bcgkn
  mailgun-newer-key  API key  MAILGUN_API_KEY  <hex 32>-<hex 8>-<hex 8>  near=mailgun,mg_api seen=bcg
Mailchimp  https://mailchimp.com/help/about-api-keys/  revoke it in Mailchimp under Extras, API keys
  mailchimp-key  API key  MAILCHIMP_API_KEY  <hex 32>-us<d 1-2>  seen=bcgknt
Mandrill  https://mailchimp.com/developer/transactional/guides/quick-start/  delete it in Mailchimp Transactional's settings
  mandrill-key  API key  MANDRILL_API_KEY  md-<w 22>  seen=t
Brevo  https://developers.brevo.com/docs/getting-started  delete it at app.brevo.com/settings/keys
  brevo-key  API key  BREVO_API_KEY  xkeysib-<hex 64>-<an 16>  seen=bcgkt
  brevo-smtp-key  SMTP key  BREVO_SMTP_KEY  xsmtpsib-<hex 64>-<an 16>  seen=f
Postmark  https://postmarkapp.com/developer/api/overview  regenerate it in Postmark under API tokens
  postmark-token  server token  POSTMARK_SERVER_TOKEN  <uuid>  near=postmark seen=knt
MessageBird  https://developers.messagebird.com/api/  delete it in the MessageBird dashboard
  messagebird-key  access key  MESSAGEBIRD_ACCESS_KEY  <an 25>  near=messagebird,message_bird seen=bgkt
Sendbird  https://sendbird.com/docs/chat/platform-api/v3/prepare-to-use-api  revoke it in the Sendbird dashboard
  sendbird-token  API token  SENDBIRD_API_TOKEN  <hex 40>  near=sendbird seen=bgt
Intercom  https://developers.intercom.com/docs/build-an-integration/learn-more/authentication  revoke it in the Intercom developer hub
  intercom-token  access token  INTERCOM_ACCESS_TOKEN  dG9rO<b64 51-59>=  seen=f
Meta  https://developers.facebook.com/docs/facebook-login/guides/access-tokens/  invalidate it at developers.facebook.com/tools/debug
  facebook-token  access token  FACEBOOK_ACCESS_TOKEN  EAA<an 100-300>  seen=c
  facebook-app-token  app access token  FACEBOOK_APP_TOKEN  <d 15-16>|<w 27-40>  seen=bg
  facebook-secret  app secret  FACEBOOK_APP_SECRET  <hex 32>  near=facebook,fb_app,fb_secret seen=bgknt
X  https://docs.x.com/resources/fundamentals/authentication/overview  regenerate it in the X developer portal
  twitter-bearer-token  bearer token  TWITTER_BEARER_TOKEN  AAAAAAAAAAAAAAAAAAAAA<an% 60-110>  seen=c
  twitter-access-token  access token  TWITTER_ACCESS_TOKEN  <d 15-20>-<an 27-45>  near=twitter,access_token,tweepy seen=bg
Twitch  https://dev.twitch.tv/docs/authentication/  reset it at dev.twitch.tv/console
  twitch-token  access token  TWITCH_TOKEN  <low 30>  near=twitch seen=bgkt
LinkedIn  https://learn.microsoft.com/en-us/linkedin/shared/authentication/authentication  regenerate it at linkedin.com/developers
  linkedin-token  access token  LINKEDIN_ACCESS_TOKEN  AQ(V|W|X|U)<w 300-420>
HubSpot  https://developers.hubspot.com/docs/guides/apps/private-apps/overview  rotate it in HubSpot under Private apps
  hubspot-token  private app token  HUBSPOT_ACCESS_TOKEN  pat-(na1|na2|eu1|ap1)-<uuid>  seen=kt
Typeform  https://www.typeform.com/developers/get-started/personal-access-token/  delete it at admin.typeform.com/account
  typeform-token  personal access token  TYPEFORM_TOKEN  tfp_<w 40-59>  seen=kt
LINE  https://developers.line.biz/en/docs/basics/channel-access-token/  revoke it in the LINE developers console
  line-token  Notify token  LINE_NOTIFY_TOKEN  <an 43>  near=line_notify,line_token,notify-api.line
Resend  https://resend.com/docs/api-reference/introduction  remove it at resend.com/api-keys
  resend-key  API key  RESEND_API_KEY  re_<an 8>_<an 24>  seen=f
MailerSend  https://developers.mailersend.com/general.html  delete it in MailerSend under API tokens
  mailersend-token  API token  MAILERSEND_API_KEY  mlsn.<hex 64>  seen=b
OneSignal  https://documentation.onesignal.com/docs/keys-and-ids  rotate it in OneSignal under Keys & IDs
  onesignal-key  app API key  ONESIGNAL_API_KEY  os_v2_(app|org)_<b32low 103>  seen=b
Pinterest  https://developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization/  revoke it at developers.pinterest.com
  pinterest-token  access token  PINTEREST_ACCESS_TOKEN  pina_<w 60-200>  seen=b
"""
