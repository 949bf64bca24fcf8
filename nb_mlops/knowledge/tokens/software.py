"""Token formats of code hosts, package registries and build services."""

TABLE = """
GitHub  https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/  revoke it at github.com/settings/tokens
  github-token  personal access token  GITHUB_TOKEN  ghp_<an 36>  check=crc32 seen=bcgknt
  github-oauth-token  OAuth token  GITHUB_TOKEN  gho_<an 36>  check=crc32 seen=bcgknt
  github-user-token  app user token  GITHUB_TOKEN  ghu_<an 36>  check=crc32 seen=bcgknt
  github-app-token  app installation token  GITHUB_TOKEN  ghs_<an 36>  check=crc32 seen=bcgknt
  github-stateless-token  app installation token  GITHUB_TOKEN  ghs_<d 1-12>_eyJ<w 15-200>.<w 80-1200>.<w 20-400>  seen=c
  github-refresh-token  refresh token  GITHUB_REFRESH_TOKEN  ghr_<an 36-76>  seen=ckt
  github-fine-grained-token  fine-grained token  GITHUB_TOKEN  github_pat_<an 22>_<an 59>  seen=bcgknt
GitLab  https://docs.gitlab.com/security/tokens/  revoke it in GitLab under Preferences, Access tokens
  gitlab-routable-token  personal access token  GITLAB_TOKEN  glpat-<w 27-300>.<low. 9-12>  seen=bg
  gitlab-token  personal access token  GITLAB_TOKEN  glpat-<w 20-64>  seen=c
  gitlab-deploy-token  deploy token  GITLAB_DEPLOY_TOKEN  gldt-<w 20-64>  seen=c
  gitlab-routable-runner-token  runner token  GITLAB_RUNNER_TOKEN  glrt-<w 27-300>.<low. 9-12>  seen=bg
  gitlab-runner-token  runner token  GITLAB_RUNNER_TOKEN  glrt-<w 20-64>  seen=ct
  gitlab-registration-token  runner registration token  GITLAB_RUNNER_TOKEN  GR1348941<w 20>  seen=bcgkn
  gitlab-job-token  CI/CD job token  CI_JOB_TOKEN  glcbt-<an 1-5>_<w 20-64>  seen=c
  gitlab-trigger-token  pipeline trigger token  GITLAB_TRIGGER_TOKEN  glptt-<hex 40>  seen=bcgkn
  gitlab-feed-token  feed token  GITLAB_FEED_TOKEN  glft-<w 20-64>  seen=c
  gitlab-mail-token  incoming mail token  GITLAB_MAIL_TOKEN  glimt-<w 25>  seen=bcg
  gitlab-scim-token  SCIM token  GITLAB_SCIM_TOKEN  glsoat-<w 20-64>  seen=c
  gitlab-agent-token  Kubernetes agent token  GITLAB_AGENT_TOKEN  glagent-<w 50-64>  seen=c
  gitlab-oauth-secret  OAuth application secret  GITLAB_CLIENT_SECRET  gloas-<hex 64>  seen=bcgt
  gitlab-flag-token  feature flag token  GITLAB_FLAG_TOKEN  glffct-<w 20-64>  seen=c
Atlassian  https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/  revoke it at id.atlassian.com under API tokens
  atlassian-token  API token  ATLASSIAN_API_TOKEN  ATATT3<w 170-190>=<an 8>  seen=t
  atlassian-older-token  API token  ATLASSIAN_API_TOKEN  <an 24>  near=atlassian,jira,confluence seen=kt
Bitbucket  https://support.atlassian.com/bitbucket-cloud/docs/access-tokens/  revoke it in Bitbucket under Access tokens
  bitbucket-password  app password  BITBUCKET_APP_PASSWORD  ATBB<an 24-32>  seen=bgn
  bitbucket-token  access token  BITBUCKET_TOKEN  ATCTT3xFfG<w 150-220>=<an 8>  seen=t
  bitbucket-server-token  Data Center access token  BITBUCKET_TOKEN  BBDC-<b64 40-50>  seen=t
npm  https://docs.npmjs.com/about-access-tokens  delete it at npmjs.com under Access tokens
  npm-token  access token  NPM_TOKEN  npm_<an 36>  seen=bcgknt
PyPI  https://pypi.org/help/#apitoken  remove it at pypi.org/manage/account
  pypi-token  API token  PYPI_TOKEN  pypi-AgEIcHlwaS5vcmc<w 50-600>  seen=bcgkn
  testpypi-token  test API token  PYPI_TOKEN  pypi-AgENdGVzdC5weXBpLm9yZw<w 50-600>  seen=c
RubyGems  https://guides.rubygems.org/api-key-scopes/  delete it at rubygems.org/profile/api_keys
  rubygems-key  API key  GEM_HOST_API_KEY  rubygems_<hex 48>  seen=bcgknt
crates.io  https://doc.rust-lang.org/cargo/reference/publishing.html  revoke it at crates.io/settings/tokens
  crates-token  API token  CARGO_REGISTRY_TOKEN  cio<an 32>  seen=bkn
NuGet  https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package  delete it at nuget.org/account/apikeys
  nuget-key  API key  NUGET_API_KEY  oy2<b32low 43>  seen=bciknt
Clojars  https://github.com/clojars/clojars-web/wiki/Deploy-Tokens  disable it at clojars.org/tokens
  clojars-token  deploy token  CLOJARS_PASSWORD  CLOJARS_<hex 60>  seen=bcg
Docker Hub  https://docs.docker.com/security/for-developers/access-tokens/  delete it at app.docker.com/settings/personal-access-tokens
  docker-token  personal access token  DOCKER_TOKEN  dckr_pat_<w 27>  seen=bcknt
  docker-org-token  organisation access token  DOCKER_TOKEN  dckr_oat_<w 32>  seen=bct
JFrog  https://jfrog.com/help/r/jfrog-platform-administration-documentation/access-tokens  revoke it in JFrog under User management, Access tokens
  artifactory-key  Artifactory API key  ARTIFACTORY_API_KEY  AKCp<an 69>  seen=bcgknt
  artifactory-token  reference token  JFROG_ACCESS_TOKEN  cmVmd<an 59>  seen=bg
CircleCI  https://circleci.com/docs/managing-api-tokens/  delete it at app.circleci.com/settings/user/tokens
  circleci-token  personal API token  CIRCLECI_TOKEN  (CCIPAT|CCIPRJ)_<an 22>_<hex 40>  seen=bkt
Buildkite  https://buildkite.com/docs/apis/managing-api-tokens  revoke it at buildkite.com/user/api-access-tokens
  buildkite-token  API access token  BUILDKITE_API_TOKEN  bkua_<hex 40>  seen=bkt
  buildkite-newer-token  API access token  BUILDKITE_API_TOKEN  bkua_<low 53>  seen=b
SonarQube  https://docs.sonarsource.com/sonarqube-server/latest/user-guide/managing-tokens/  revoke it in SonarQube under My account, Security
  sonarqube-token  token  SONAR_TOKEN  (squ|sqp|sqa)_<hex 40>  seen=bcgk
  sonarcloud-token  organisation token  SONAR_TOKEN  sqco_<an 59>  seen=t
Codecov  https://docs.codecov.com/docs/codecov-tokens  regenerate it in Codecov's settings of the repository
  codecov-token  upload token  CODECOV_TOKEN  <uuid>  near=codecov seen=b
Snyk  https://docs.snyk.io/snyk-api/authentication-for-api  revoke it at app.snyk.io/account
  snyk-token  API token  SNYK_TOKEN  <uuid>  near=snyk seen=bgkt
Postman  https://learning.postman.com/docs/developer/postman-api/authentication/  delete it at postman.co/settings/me/api-keys
  postman-key  API key  POSTMAN_API_KEY  PMAK-<hex 24>-<hex 34>  seen=bcgknt
  postman-collection-key  collection access key  POSTMAN_ACCESS_KEY  PMAT-<up 26>  seen=c
Pulumi  https://www.pulumi.com/docs/pulumi-cloud/access-management/access-tokens/  delete it at app.pulumi.com/account/tokens
  pulumi-token  access token  PULUMI_ACCESS_TOKEN  pul-<hex 40>  seen=bgkt
HashiCorp  https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens  delete it in HCP Terraform under Tokens
  terraform-token  Terraform API token  TFE_TOKEN  <an 14>.atlasv1.<w 60-70>  seen=bg
HashiCorp Vault  https://developer.hashicorp.com/vault/docs/concepts/tokens  revoke it with `vault token revoke`
  vault-token  service token  VAULT_TOKEN  hvs.<w 90-300>  seen=c
  vault-batch-token  batch token  VAULT_TOKEN  hvb.<w 90-300>  seen=bcg
  vault-recovery-token  recovery token  VAULT_TOKEN  hvr.<w 90-300>  seen=c
Doppler  https://docs.doppler.com/reference/auth-token-formats  revoke it in Doppler under Tokens
  doppler-cli-token  CLI token  DOPPLER_TOKEN  dp.ct.<an 40-44>  seen=knt
  doppler-token  personal token  DOPPLER_TOKEN  dp.pt.<an 40-44>  seen=bcgknt
  doppler-service-token  service token  DOPPLER_TOKEN  dp.st.<an 40-44>  seen=knt
  doppler-config-token  service token of a config  DOPPLER_TOKEN  dp.st.<w 2-35>.<an 40-44>  seen=f
  doppler-account-token  service account token  DOPPLER_TOKEN  dp.sa.<an 40-44>  seen=knt
  doppler-scim-token  SCIM token  DOPPLER_TOKEN  dp.scim.<an 40-44>  seen=knt
  doppler-audit-token  audit token  DOPPLER_TOKEN  dp.audit.<an 40-44>  seen=knt
1Password  https://developer.1password.com/docs/service-accounts/security/  revoke it at 1password.com under Developer
  onepassword-token  service account token  OP_SERVICE_ACCOUNT_TOKEN  ops_eyJ<b64 250-1200>  seen=bg
  onepassword-secret-key  secret key  OP_SECRET_KEY  A3-<up 6>-<up 6>-<up 5>-<up 5>-<up 5>-<up 5>  seen=bg
age  https://age-encryption.org/v1  make a new identity and encrypt again
  age-key  secret key  AGE_SECRET_KEY  AGE-SECRET-KEY-1<up 58>  seen=ckn
Infracost  https://www.infracost.io/docs/  rotate it at dashboard.infracost.io
  infracost-key  API key  INFRACOST_API_KEY  ico-<an 32>  seen=bg
Harness  https://developer.harness.io/docs/platform/automation/api/add-and-manage-api-keys/  delete it in Harness under My API keys
  harness-token  API key  HARNESS_API_KEY  (pat|sat).<w 22>.<an 24>.<an 20>  seen=g
Octopus Deploy  https://octopus.com/docs/octopus-rest-api/how-to-create-an-api-key  revoke it in Octopus under My API keys
  octopus-key  API key  OCTOPUS_API_KEY  API-<up 26>  seen=bg
Dependency-Track  https://docs.dependencytrack.org/integrations/rest-api/  delete it in Dependency-Track under Access management
  dependency-track-key  API key  DTRACK_API_KEY  odt_<an 32-64>  seen=kn
StackHawk  https://docs.stackhawk.com/apidocs/  delete it in StackHawk under API keys
  stackhawk-key  API key  HAWK_API_KEY  hawk.<w 20>.<w 20>  seen=kn
Defined Networking  https://docs.defined.net/guides/automating-host-creation/  delete it in the admin panel under API keys
  defined-key  API key  DN_API_KEY  dnkey-<w 26>-<w 52>  seen=bcg
Tailscale  https://tailscale.com/kb/1101/api  revoke it in Tailscale under Settings, Keys
  tailscale-key  key  TAILSCALE_API_KEY  tskey-(auth|api|client|scim|webhook)-<an 10-24>-<an 20-40>  seen=kt
SettleMint  https://console.settlemint.com/documentation/docs/using-platform/personal-access-tokens/  delete it in the SettleMint console
  settlemint-token  access token  SETTLEMINT_ACCESS_TOKEN  sm_(aat|pat|sat)_<an 16>  seen=bg
42 Intra  https://api.intra.42.fr/apidoc  regenerate it in the application's page
  intra42-secret  client secret  INTRA42_CLIENT_SECRET  s-s4t2(ud|af)-<hex 64>  seen=bgt
TravisCI  https://docs.travis-ci.com/user/triggering-builds/  regenerate it in Travis CI under Settings
  travis-token  API token  TRAVIS_API_TOKEN  <w 22>  near=travis seen=bgkt
Drone  https://docs.drone.io/cli/configure/  reset it in Drone's account page
  drone-token  personal token  DRONE_TOKEN  <an 32>  near=drone
Cloudsmith  https://docs.cloudsmith.com/accounts-and-teams/api-key  reset it at cloudsmith.io/user/settings/api
  cloudsmith-key  API key  CLOUDSMITH_API_KEY  csa_<hex 30><an 6>  seen=b
"""
