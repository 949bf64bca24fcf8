"""The formats of provider tokens: one row a format, from which matcher, validity check and documentation derive.

Written by hand from what the issuers publish (each row names its page). A new format is one row.
"""

from __future__ import annotations

from typing import TypeAlias

from nb_mlops.core.value import Struct

ALNUM = "A-Za-z0-9"
LETTERS = "A-Za-z"
WORD = "A-Za-z0-9_-"
HEX = "0-9a-f"
DIGITS = "0-9"
UPPER = "A-Z0-9"
BASE64 = "A-Za-z0-9+/"


class Run(Struct, frozen=True):
    """From `least` to `most` characters of an alphabet (a regular expression's character class, without brackets)."""

    alphabet: str
    least: int
    most: int = 0

    @property
    def longest(self) -> int:
        """The largest length."""
        return self.most or self.least


class OneOf(Struct, frozen=True):
    """One of these words."""

    words: tuple[str, ...]


Shape: TypeAlias = tuple[str | Run | OneOf, ...]


class TokenFormat(Struct, frozen=True):
    """What one kind of token looks like, who issues it, and what to do when it got out.

    `shape` is literals, words and runs in a row. `near`: words one of which must stand before the value on its line,
    for formats that nothing else tells from a checksum. `checksum` names a check in analysis.sensitive.secrets,
    `marker` a piece that true tokens contain: failing either lowers confidence. `env` is the variable the issuer's
    own tools read.
    """

    name: str
    title: str
    shape: Shape
    env: str
    source: str
    leaked: str
    near: tuple[str, ...] = ()
    checksum: str = ""
    marker: str = ""
    sure: bool = True


def one_of(words: str) -> OneOf:
    """One of the space-separated words."""
    return OneOf(tuple(words.split()))


TOKENS: tuple[TokenFormat, ...] = (
    # Language models
    TokenFormat(
        "openai-key",
        "OpenAI API key",
        ("sk-", one_of("proj- svcacct- admin-"), Run(WORD, 40, 220)),
        "OPENAI_API_KEY",
        "https://platform.openai.com/docs/api-reference/authentication",
        "revoke it at platform.openai.com/api-keys",
        marker="T3BlbkFJ",
    ),
    TokenFormat(
        "openai-legacy-key",
        "OpenAI API key",
        ("sk-", Run(ALNUM, 48)),
        "OPENAI_API_KEY",
        "https://platform.openai.com/docs/api-reference/authentication",
        "revoke it at platform.openai.com/api-keys",
        marker="T3BlbkFJ",
    ),
    TokenFormat(
        "anthropic-key",
        "Anthropic API key",
        ("sk-ant-", one_of("api admin oat ort"), Run(DIGITS, 2), "-", Run(WORD, 60, 140)),
        "ANTHROPIC_API_KEY",
        "https://docs.anthropic.com/en/api/overview",
        "delete it at console.anthropic.com/settings/keys",
    ),
    TokenFormat(
        "openrouter-key",
        "OpenRouter API key",
        ("sk-or-v1-", Run(HEX, 64)),
        "OPENROUTER_API_KEY",
        "https://openrouter.ai/docs/api-reference/authentication",
        "delete it at openrouter.ai/settings/keys",
    ),
    TokenFormat(
        "langfuse-key",
        "Langfuse secret key",
        ("sk-lf-", Run(HEX, 8), "-", Run(HEX, 4), "-", Run(HEX, 4), "-", Run(HEX, 4), "-", Run(HEX, 12)),
        "LANGFUSE_SECRET_KEY",
        "https://langfuse.com/docs/api-and-data-platform/features/public-api",
        "delete it in the Langfuse project's settings",
    ),
    TokenFormat(
        "langsmith-key",
        "LangSmith API key",
        ("lsv2_", one_of("pt sk"), "_", Run(HEX, 32), "_", Run(HEX, 10)),
        "LANGSMITH_API_KEY",
        "https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key",
        "delete it in LangSmith under Settings, API keys",
    ),
    TokenFormat(
        "groq-key",
        "Groq API key",
        ("gsk_", Run(ALNUM, 52)),
        "GROQ_API_KEY",
        "https://console.groq.com/docs/quickstart",
        "delete it at console.groq.com/keys",
    ),
    TokenFormat(
        "xai-key",
        "xAI API key",
        ("xai-", Run(ALNUM, 80)),
        "XAI_API_KEY",
        "https://docs.x.ai/docs/tutorial",
        "delete it at console.x.ai",
    ),
    TokenFormat(
        "perplexity-key",
        "Perplexity API key",
        ("pplx-", Run(ALNUM, 48, 56)),
        "PERPLEXITY_API_KEY",
        "https://docs.perplexity.ai/guides/getting-started",
        "delete it in Perplexity under Settings, API",
    ),
    TokenFormat(
        "replicate-token",
        "Replicate API token",
        ("r8_", Run(ALNUM, 37)),
        "REPLICATE_API_TOKEN",
        "https://replicate.com/docs/topics/security/api-tokens",
        "disable it at replicate.com/account/api-tokens",
    ),
    TokenFormat(
        "nvidia-key",
        "NVIDIA API key",
        ("nvapi-", Run(WORD, 60, 70)),
        "NVIDIA_API_KEY",
        "https://docs.nvidia.com/nim/large-language-models/latest/getting-started.html",
        "delete it at build.nvidia.com under API keys",
    ),
    TokenFormat(
        "pinecone-key",
        "Pinecone API key",
        ("pcsk_", Run(ALNUM, 5, 8), "_", Run(ALNUM, 50, 70)),
        "PINECONE_API_KEY",
        "https://docs.pinecone.io/guides/projects/manage-api-keys",
        "delete it in the Pinecone console under API keys",
    ),
    # Machine learning platforms
    TokenFormat(
        "hugging-face-token",
        "Hugging Face token",
        (one_of("hf_ api_org_"), Run(ALNUM, 34, 40)),
        "HF_TOKEN",
        "https://huggingface.co/docs/hub/security-tokens",
        "invalidate it at huggingface.co/settings/tokens",
    ),
    TokenFormat(
        "wandb-key",
        "Weights & Biases API key",
        (Run(HEX, 40),),
        "WANDB_API_KEY",
        "https://docs.wandb.ai/guides/track/environment-variables",
        "delete it at wandb.ai/settings",
        near=("WANDB_API_KEY", "wandb_api_key", "wandb.login", "wandb login", "api.wandb.ai"),
    ),
    TokenFormat(
        "kaggle-token",
        "Kaggle API token",
        ("KGAT_", Run(HEX, 32)),
        "KAGGLE_API_TOKEN",
        "https://github.com/Kaggle/kaggle-api/blob/main/docs/README.md",
        "expire it at kaggle.com/settings",
    ),
    TokenFormat(
        "kaggle-key",
        "Kaggle API key",
        (Run(HEX, 32),),
        "KAGGLE_KEY",
        "https://github.com/Kaggle/kaggle-api/blob/main/docs/README.md",
        "expire it at kaggle.com/settings",
        near=("KAGGLE_KEY", "kaggle_key", "kaggle.json"),
    ),
    TokenFormat(
        "databricks-token",
        "Databricks personal access token",
        ("dapi", Run(HEX, 32)),
        "DATABRICKS_TOKEN",
        "https://docs.aws.amazon.com/secretsmanager/latest/userguide/mes-partner-DatabricksPAT.html",
        "revoke it in the workspace under Settings, Developer, Access tokens",
    ),
    TokenFormat(
        "neptune-token",
        "Neptune API token",
        ("eyJhcGlfYWRkcmVzcyI6", Run(BASE64, 60, 300), Run("=", 0, 2)),
        "NEPTUNE_API_TOKEN",
        "https://docs.neptune.ai/setup/setting_api_token/",
        "reset it in Neptune under Get your API token",
    ),
    # Code and packages
    TokenFormat(
        "github-token",
        "GitHub token",
        ("gh", one_of("p o u s r"), "_", Run(ALNUM, 36)),
        "GITHUB_TOKEN",
        "https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/",
        "revoke it at github.com/settings/tokens",
        checksum="crc32-base62",
    ),
    TokenFormat(
        "github-fine-grained-token",
        "GitHub fine-grained token",
        ("github_pat_", Run(ALNUM, 22), "_", Run(ALNUM, 59)),
        "GITHUB_TOKEN",
        "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github",
        "revoke it at github.com/settings/personal-access-tokens",
    ),
    TokenFormat(
        "gitlab-token",
        "GitLab token",
        (one_of("glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glagent-"), Run("." + WORD, 20, 320)),
        "GITLAB_TOKEN",
        "https://docs.gitlab.com/security/tokens/",
        "revoke it in GitLab under Preferences, Access tokens",
    ),
    TokenFormat(
        "npm-token",
        "npm access token",
        ("npm_", Run(ALNUM, 36)),
        "NPM_TOKEN",
        "https://docs.npmjs.com/about-access-tokens",
        "delete it at npmjs.com under Access Tokens",
    ),
    TokenFormat(
        "pypi-token",
        "PyPI API token",
        ("pypi-AgE", one_of("IcHlwaS5vcmc NdGVzdC5weXBpLm9yZw"), Run(WORD, 50, 600)),
        "PYPI_TOKEN",
        "https://pypi.org/help/#apitoken",
        "remove it at pypi.org/manage/account",
    ),
    TokenFormat(
        "docker-token",
        "Docker Hub access token",
        ("dckr_", one_of("pat oat"), "_", Run(WORD, 27, 32)),
        "DOCKER_TOKEN",
        "https://docs.docker.com/security/for-developers/access-tokens/",
        "delete it at app.docker.com/settings/personal-access-tokens",
    ),
    # Clouds and services
    TokenFormat(
        "aws-access-key-id",
        "AWS access key id",
        (one_of("AKIA ASIA"), Run(UPPER, 16)),
        "AWS_ACCESS_KEY_ID",
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
        "deactivate it in the IAM console together with its secret key",
        checksum="base32",
    ),
    TokenFormat(
        "google-api-key",
        "Google API key",
        ("AIza", Run(WORD, 35)),
        "GOOGLE_API_KEY",
        "https://cloud.google.com/docs/authentication/api-keys",
        "delete it at console.cloud.google.com/apis/credentials",
    ),
    TokenFormat(
        "google-oauth-secret",
        "Google OAuth client secret",
        ("GOCSPX-", Run(WORD, 28)),
        "GOOGLE_CLIENT_SECRET",
        "https://support.google.com/cloud/answer/6158849",
        "reset it at console.cloud.google.com/apis/credentials",
    ),
    TokenFormat(
        "azure-storage-key",
        "Azure storage account key",
        ("AccountKey=", Run(BASE64, 86), "=="),
        "AZURE_STORAGE_CONNECTION_STRING",
        "https://learn.microsoft.com/en-us/azure/storage/common/storage-configure-connection-string",
        "rotate the storage account's keys in the Azure portal",
    ),
    TokenFormat(
        "digitalocean-token",
        "DigitalOcean token",
        (one_of("dop_v1_ doo_v1_ dor_v1_"), Run(HEX, 64)),
        "DIGITALOCEAN_TOKEN",
        "https://docs.digitalocean.com/reference/api/create-personal-access-token/",
        "delete it at cloud.digitalocean.com/account/api/tokens",
    ),
    TokenFormat(
        "vault-token",
        "HashiCorp Vault token",
        (one_of("hvs. hvb. hvr."), Run(WORD, 90, 300)),
        "VAULT_TOKEN",
        "https://developer.hashicorp.com/vault/docs/concepts/tokens",
        "revoke it with `vault token revoke`",
    ),
    TokenFormat(
        "slack-token",
        "Slack token",
        ("xox", one_of("b p a r s e"), "-", Run(ALNUM + "-", 20, 160)),
        "SLACK_TOKEN",
        "https://docs.slack.dev/authentication/tokens",
        "revoke it with Slack's auth.revoke or in the app's settings",
    ),
    TokenFormat(
        "slack-app-token",
        "Slack app-level token",
        ("xapp-", Run(DIGITS, 1), "-", Run(UPPER, 9, 13), "-", Run(DIGITS, 10, 14), "-", Run(HEX, 64)),
        "SLACK_APP_TOKEN",
        "https://docs.slack.dev/authentication/tokens",
        "revoke it in the app's settings at api.slack.com/apps",
    ),
    TokenFormat(
        "slack-webhook",
        "Slack incoming webhook",
        ("hooks.slack.com/services/T", Run(UPPER, 8, 12), "/B", Run(UPPER, 8, 12), "/", Run(ALNUM, 24)),
        "SLACK_WEBHOOK_URL",
        "https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks",
        "remove it in the app's settings at api.slack.com/apps",
    ),
    TokenFormat(
        "stripe-key",
        "Stripe secret key",
        (one_of("sk rk"), "_", one_of("live test"), "_", Run(ALNUM, 24, 247)),
        "STRIPE_API_KEY",
        "https://docs.stripe.com/keys",
        "roll it at dashboard.stripe.com/apikeys",
    ),
    TokenFormat(
        "sendgrid-key",
        "SendGrid API key",
        ("SG.", Run(WORD, 22), ".", Run(WORD, 43)),
        "SENDGRID_API_KEY",
        "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys",
        "delete it at app.sendgrid.com/settings/api_keys",
    ),
    TokenFormat(
        "twilio-key",
        "Twilio API key SID",
        ("SK", Run(HEX, 32)),
        "TWILIO_API_KEY",
        "https://www.twilio.com/docs/iam/api-keys",
        "delete it in the Twilio console under API keys",
        sure=False,
    ),
    TokenFormat(
        "telegram-bot-token",
        "Telegram bot token",
        (Run(DIGITS, 8, 10), ":AA", Run(WORD, 33)),
        "TELEGRAM_BOT_TOKEN",
        "https://core.telegram.org/bots/api#authorizing-your-bot",
        "revoke it with @BotFather",
    ),
    TokenFormat(
        "discord-webhook",
        "Discord webhook",
        (one_of("discord.com discordapp.com"), "/api/webhooks/", Run(DIGITS, 17, 20), "/", Run(WORD, 60, 72)),
        "DISCORD_WEBHOOK_URL",
        "https://discord.com/developers/docs/resources/webhook",
        "delete it in the channel's settings under Integrations",
    ),
    TokenFormat(
        "notion-token",
        "Notion integration token",
        ("ntn_", Run(DIGITS, 11), Run(ALNUM, 35)),
        "NOTION_TOKEN",
        "https://developers.notion.com/docs/authorization",
        "refresh it at notion.so/profile/integrations",
    ),
    TokenFormat(
        "grafana-token",
        "Grafana service account token",
        ("glsa_", Run(ALNUM, 32), "_", Run(HEX, 8)),
        "GRAFANA_TOKEN",
        "https://grafana.com/docs/grafana/latest/administration/service-accounts/",
        "delete it in Grafana under Service accounts",
    ),
)
