"""Token formats of those who serve language models, and of the tools around them."""

TABLE = """
OpenAI  https://platform.openai.com/docs/api-reference/authentication  revoke it at platform.openai.com/api-keys
  openai-key  API key  OPENAI_API_KEY  sk-(proj|svcacct)-<w 40-220>  has=T3BlbkFJ seen=ct
  openai-admin-key  admin key  OPENAI_ADMIN_KEY  sk-admin-<w 40-220>  has=T3BlbkFJ seen=c
  openai-legacy-key  API key  OPENAI_API_KEY  sk-<an 48>  has=T3BlbkFJ seen=cknt
Anthropic  https://docs.anthropic.com/en/api/admin-api/apikeys/get-api-key  delete it at console.anthropic.com/settings/keys
  anthropic-key  API key  ANTHROPIC_API_KEY  sk-ant-api<d 2-3>-<w 80-120>  seen=bcg
  anthropic-admin-key  admin key  ANTHROPIC_ADMIN_KEY  sk-ant-admin<d 2>-<w 80-120>  seen=bg
  anthropic-oauth-token  OAuth token  CLAUDE_CODE_OAUTH_TOKEN  sk-ant-(oat|ort)<d 2>-<w 80-120>  seen=f
OpenRouter  https://openrouter.ai/docs/api-reference/authentication  delete it at openrouter.ai/settings/keys
  openrouter-key  API key  OPENROUTER_API_KEY  sk-or-v1-<hex 64>  seen=bt
DeepSeek or DashScope  https://api-docs.deepseek.com/  delete it in the issuer's console under API keys
  deepseek-key  API key  DEEPSEEK_API_KEY  sk-<low 32>  seen=t
Langfuse  https://langfuse.com/docs/api-and-data-platform/features/public-api  delete it in the Langfuse project's settings
  langfuse-key  secret key  LANGFUSE_SECRET_KEY  sk-lf-<uuid>  seen=t
LangSmith  https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key  delete it in LangSmith under Settings, API keys
  langsmith-key  API key  LANGSMITH_API_KEY  lsv2_(pt|sk)_<hex 32>_<hex 10>  seen=bt
Groq  https://console.groq.com/docs/quickstart  delete it at console.groq.com/keys
  groq-key  API key  GROQ_API_KEY  gsk_<an 52>  seen=bknt
xAI  https://docs.x.ai/docs/tutorial  delete it at console.x.ai
  xai-key  API key  XAI_API_KEY  xai-<an_ 80>  seen=bckt
Perplexity  https://docs.perplexity.ai/guides/getting-started  delete it in Perplexity under Settings, API
  perplexity-key  API key  PERPLEXITY_API_KEY  pplx-<an 48-56>  seen=c
Together AI  https://docs.together.ai/reference/authentication-1  delete it at api.together.ai/settings/api-keys
  together-key  API key  TOGETHER_API_KEY  tgp_v1_<w 43>  seen=bc
  together-older-key  API key  TOGETHER_API_KEY  <hex 64>  near=together seen=f
Mistral  https://docs.mistral.ai/getting-started/quickstart  delete it at console.mistral.ai/api-keys
  mistral-key  API key  MISTRAL_API_KEY  <an 32>  near=mistral seen=b
Cohere  https://docs.cohere.com/reference/about  delete it at dashboard.cohere.com/api-keys
  cohere-key  API key  CO_API_KEY  <an 40>  near=cohere,co_api_key seen=bg
Replicate  https://replicate.com/docs/topics/security/api-tokens  disable it at replicate.com/account/api-tokens
  replicate-token  API token  REPLICATE_API_TOKEN  r8_<an 37>  seen=bkt
NVIDIA  https://docs.api.nvidia.com/nim/docs/api-quickstart  delete it at build.nvidia.com under API keys
  nvidia-key  API key  NVIDIA_API_KEY  nvapi-<w 60-70>  seen=b
ElevenLabs  https://elevenlabs.io/docs/api-reference/authentication  delete it at elevenlabs.io/app/settings/api-keys
  elevenlabs-key  API key  ELEVENLABS_API_KEY  sk_<hex 48>  seen=bkt
AssemblyAI  https://www.assemblyai.com/docs/api-reference/overview  delete it in the AssemblyAI dashboard
  assemblyai-key  API key  ASSEMBLYAI_API_KEY  <hex 32>  near=assemblyai,assembly_ai seen=bkt
Deepgram  https://developers.deepgram.com/docs/create-additional-api-keys  delete it at console.deepgram.com
  deepgram-key  API key  DEEPGRAM_API_KEY  <hex 40>  near=deepgram seen=bkt
Cerebras  https://inference-docs.cerebras.ai/quickstart  delete it at cloud.cerebras.ai under API keys
  cerebras-key  API key  CEREBRAS_API_KEY  csk-<low 48>  seen=b
Fireworks AI  https://docs.fireworks.ai/getting-started/quickstart  delete it in Fireworks under API keys
  fireworks-key  API key  FIREWORKS_API_KEY  fw_<an 22-33>  seen=f
Voyage AI  https://docs.voyageai.com/docs/api-key-and-installation  delete it at dashboard.voyageai.com under API keys
  voyage-key  API key  VOYAGE_API_KEY  pa-<w 43>  seen=f
Nomic  https://docs.nomic.ai/reference/getting-started/  delete it at atlas.nomic.ai under API keys
  nomic-key  API key  NOMIC_API_KEY  nk-<w 43>
LlamaIndex  https://docs.cloud.llamaindex.ai/api_key  delete it at cloud.llamaindex.ai under API keys
  llamacloud-key  LlamaCloud key  LLAMA_CLOUD_API_KEY  llx-<an 48>  seen=cf
E2B  https://e2b.dev/docs/api-key  delete it at e2b.dev/dashboard under Keys
  e2b-key  API key  E2B_API_KEY  e2b_<hex 40>  seen=f
Modal  https://modal.com/docs/reference/modal.config  delete it at modal.com/settings/tokens
  modal-secret  token secret  MODAL_TOKEN_SECRET  as-<an 22>  seen=f
  modal-id  token id  MODAL_TOKEN_ID  ak-<an 22>  unsure seen=f
RunPod  https://docs.runpod.io/get-started/api-keys  revoke it in RunPod under Settings, API keys
  runpod-key  API key  RUNPOD_API_KEY  rpa_<an 40-60>  seen=f
Zhipu  https://docs.bigmodel.cn/cn/api/introduction  delete it at bigmodel.cn under API keys
  zhipu-key  API key  ZHIPUAI_API_KEY  <hex 32>.<an 16>  seen=f
Jina AI  https://jina.ai/embeddings/  delete it at jina.ai under API keys
  jina-key  API key  JINA_API_KEY  jina_<an 60>  seen=n
Tavily  https://docs.tavily.com/documentation/api-reference/introduction  delete it at app.tavily.com
  tavily-key  API key  TAVILY_API_KEY  tvly-(dev-|prod-|)<an- 32-56>  seen=cf
Firecrawl  https://docs.firecrawl.dev/api-reference/introduction  delete it at firecrawl.dev/app/api-keys
  firecrawl-key  API key  FIRECRAWL_API_KEY  fc-<hex 32>  seen=n
Pinecone  https://docs.pinecone.io/guides/projects/manage-api-keys  delete it in the Pinecone console under API keys
  pinecone-key  API key  PINECONE_API_KEY  pcsk_<an 5-8>_<an 50-70>  seen=bt
  pinecone-older-key  API key  PINECONE_API_KEY  <uuid>  near=pinecone seen=b
Voiceflow  https://docs.voiceflow.com/reference/authentication  regenerate it in the Voiceflow project under Integration
  voiceflow-key  API key  VOICEFLOW_API_KEY  VF.(DM|WS).<hex 24>.<an 16>  seen=kt
Apify  https://docs.apify.com/platform/integrations/api  delete it at console.apify.com/settings/integrations
  apify-token  API token  APIFY_TOKEN  apify_api_<an 36>  seen=bt
SaladCloud  https://docs.salad.com/reference/api-usage  regenerate it at portal.salad.com
  salad-key  API key  SALAD_API_KEY  salad_cloud_<an 1-7>_<an 24-235>  seen=t
Sourcegraph  https://sourcegraph.com/docs/cli/how-tos/creating_an_access_token  delete it in Sourcegraph under Access tokens
  sourcegraph-cody-key  Cody licence key  SRC_ACCESS_TOKEN  slk_<hex 64>  seen=kt
  sourcegraph-token  access token  SRC_ACCESS_TOKEN  sgp_(local_|)<hex 40>  seen=bgknt
  sourcegraph-instance-token  access token  SRC_ACCESS_TOKEN  sgp_<hex 16>_<hex 40>  seen=bgknt
DeepL  https://developers.deepl.com/docs/getting-started/auth  deactivate it at deepl.com under API keys
  deepl-free-key  API key of the free plan  DEEPL_AUTH_KEY  <uuid>:fx  seen=f
MiniMax  https://platform.minimax.io/docs/guides/quickstart-preparation  delete it at platform.minimax.io under API keys
  minimax-key  API key  MINIMAX_API_KEY  sk-api-<w 119>  seen=bf
Brave  https://api-dashboard.search.brave.com/documentation  delete it at api-dashboard.search.brave.com
  brave-key  search API key  BRAVE_API_KEY  BSA<w 24-40>  near=brave seen=b
Cursor  https://cursor.com/docs  revoke it at cursor.com/dashboard
  cursor-key  API key  CURSOR_API_KEY  key_<hex 64>  near=cursor seen=b
"""
