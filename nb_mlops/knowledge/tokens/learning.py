"""Token formats of machine-learning platforms: hubs, trackers, workspaces, schedulers, data."""

TABLE = """
Hugging Face  https://huggingface.co/docs/hub/security-tokens  invalidate it at huggingface.co/settings/tokens
  hugging-face-token  access token  HF_TOKEN  hf_<an 34>  seen=ct
  hugging-face-org-token  organisation token  HF_TOKEN  api_org_<an 34>  seen=t
Weights & Biases  https://docs.wandb.ai/support/models/articles/why-does-my-api-key-fail-with-must-be-40-characters  delete it at wandb.ai/settings
  wandb-key  API key  WANDB_API_KEY  wandb_v1_<an_ 60-90>  seen=f
  wandb-older-key  API key  WANDB_API_KEY  <hex 40>  near=wandb,weights seen=bt
Kaggle  https://github.com/Kaggle/kaggle-api/blob/main/docs/README.md  expire it at kaggle.com/settings
  kaggle-token  API token  KAGGLE_API_TOKEN  KGAT_<hex 32>  seen=f
  kaggle-key  API key  KAGGLE_KEY  <hex 32>  near=kaggle seen=f
Comet  https://www.comet.com/docs/v2/guides/experiment-management/configure-sdk/  delete it in Comet under Account settings, API keys
  comet-key  API key  COMET_API_KEY  <an 25>  near=comet
Neptune  https://docs.neptune.ai/setup/setting_api_token/  reset it in Neptune under Get your API token
  neptune-token  API token  NEPTUNE_API_TOKEN  eyJhcGlfYWRkcmVzcyI6<b64 60-300>
ClearML  https://clear.ml/docs/latest/docs/webapp/settings/webapp_settings_profile  revoke it in ClearML under Settings, Workspace
  clearml-secret  secret key  CLEARML_API_SECRET_KEY  <an 50>  near=clearml,trains_api
Databricks  https://docs.databricks.com/aws/en/dev-tools/auth/pat  revoke it in the workspace under Settings, Developer, Access tokens
  databricks-token  personal access token  DATABRICKS_TOKEN  dapi<hex 32>(-2|-3|)  seen=bcgknt
  databricks-oauth-secret  OAuth secret  DATABRICKS_CLIENT_SECRET  dose<hex 32>  seen=f
Roboflow  https://docs.roboflow.com/developer/authentication/find-your-roboflow-api-key  revoke it in Roboflow under Settings, API keys
  roboflow-key  private API key  ROBOFLOW_API_KEY  <an 20>  near=roboflow
Label Studio  https://labelstud.io/guide/access_tokens  reset it in Label Studio under Account & Settings
  label-studio-token  access token  LABEL_STUDIO_API_KEY  <hex 40>  near=label_studio,labelstudio,label-studio
Prefect  https://docs.prefect.io/v3/how-to-guides/cloud/manage-users/api-keys  delete it at app.prefect.cloud under API keys
  prefect-key  API key  PREFECT_API_KEY  (pnu|pnb)_<an 36>  seen=bgkt
Scale AI  https://scale.com/docs/api-reference/authentication  regenerate it in the Scale dashboard
  scale-key  API key  SCALE_API_KEY  (live|test)_<hex 32>  near=scale
Weaviate  https://docs.weaviate.io/cloud/manage-clusters/connect  delete it in the Weaviate console under API keys
  weaviate-key  API key  WEAVIATE_API_KEY  <an 36>  near=weaviate
Domino  https://docs.dominodatalab.com/en/latest/api_guide/d982cc/get-api-key/  regenerate it in Domino under Account settings
  domino-key  API key  DOMINO_USER_API_KEY  <hex 64>  near=domino
Anaconda  https://docs.anaconda.org/  remove it in Anaconda under Account, Access
  anaconda-token  channel token  ANACONDA_API_TOKEN  <low 2>-<uuid>  near=anaconda,conda
Planet  https://docs.planet.com/develop/apis/  reset it at planet.com/account
  planet-key  API key  PL_API_KEY  PLAK<hex 32>
Hopsworks  https://docs.hopsworks.ai/latest/user_guides/projects/api_key/create_api_key/  delete it in Hopsworks under Account settings, API
  hopsworks-key  API key  HOPSWORKS_API_KEY  <an 16>.<an 64>  near=hopsworks
Alchemy  https://www.alchemy.com/docs/how-to-create-access-keys  rotate it in the Alchemy dashboard
  alchemy-key  API key  ALCHEMY_API_KEY  <w 32>  near=alchemy seen=t
Nasdaq Data Link  https://docs.data.nasdaq.com/docs/getting-started  regenerate it in the Data Link account settings
  nasdaq-key  API key  NASDAQ_DATA_LINK_API_KEY  <w 20>  near=nasdaq,quandl seen=kt
US Census  https://www.census.gov/data/developers/guidance/api-user-guide.html  ask the Census Bureau for a new key
  census-key  API key  CENSUS_API_KEY  <hex 40>  near=census
FRED  https://fred.stlouisfed.org/docs/api/api_key.html  delete it at fredaccount.stlouisfed.org/apikeys
  fred-key  API key  FRED_API_KEY  <low 32>  near=fred seen=i
NASA  https://api.nasa.gov/  ask for a new key at api.nasa.gov
  nasa-key  API key  NASA_API_KEY  <an 40>  near=nasa
Databento  https://databento.com/docs/portal/api-keys  deactivate it at databento.com/portal/keys
  databento-key  API key  DATABENTO_API_KEY  db-<an 29>  near=databento seen=b
Finnhub  https://finnhub.io/docs/api/authentication  regenerate it at finnhub.io/dashboard
  finnhub-key  API key  FINNHUB_API_KEY  <low 20>  near=finnhub seen=bgkt
OpenWeather  https://openweathermap.org/appid  delete it at home.openweathermap.org/api_keys
  openweather-key  API key  OPENWEATHER_API_KEY  <hex 32>  near=openweather,owm_ seen=bkt
News API  https://newsapi.org/docs/authentication  ask newsapi.org for a new key
  newsapi-key  API key  NEWSAPI_KEY  <hex 32>  near=newsapi,news_api seen=kt
Tiingo  https://www.tiingo.com/documentation/general/connecting  reset it at tiingo.com/account/api/token
  tiingo-key  API token  TIINGO_API_KEY  <hex 40>  near=tiingo seen=kt
Spotify  https://developer.spotify.com/documentation/web-api/concepts/apps  rotate it at developer.spotify.com/dashboard
  spotify-secret  client secret  SPOTIPY_CLIENT_SECRET  <hex 32>  near=spotify,spotipy seen=kt
"""
