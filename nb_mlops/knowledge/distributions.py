"""Which distribution an import comes from, and what installing one brings along.

Reviewed by hand, from the projects' own installation pages and metadata; conda's names where they differ. Only what is
here is known to be somebody else's package: any other import may be a file of the project.
"""

from __future__ import annotations

from functools import lru_cache

from nb_mlops.knowledge import words

# Import name, then the distributions that provide it: the one to name first, then its other builds and conda's names.
_PROVIDERS = """
Bio biopython
Crypto pycryptodome pycrypto
Cython cython
IPython ipython jupyter jupyterlab notebook ipykernel
Levenshtein levenshtein python-levenshtein rapidfuzz
MySQLdb mysqlclient mysql-python
OpenGL pyopengl
PIL pillow pillow-simd
PyPDF2 pypdf2
PyQt5 pyqt5 pyqt
Xlib python-xlib
apiclient google-api-python-client
apyori apyori
attr attrs
azureml azureml-core azureml-sdk azureml-defaults
bs4 beautifulsoup4 bs4
cairosvg cairosvg
category_encoders category-encoders
community python-louvain
cufflinks cufflinks
cv2 opencv-python opencv-python-headless opencv-contrib-python opencv-contrib-python-headless opencv py-opencv libopencv
dash dash
dateutil python-dateutil
docx python-docx
dotenv python-dotenv dotenv
duckdb duckdb python-duckdb duckdb-engine
faiss faiss-cpu faiss-gpu faiss
fbprophet fbprophet prophet
fitz pymupdf
fuzzywuzzy fuzzywuzzy
git gitpython
github pygithub
googleapiclient google-api-python-client
graphviz graphviz python-graphviz
haystack farm-haystack haystack-ai
hdbscan hdbscan
imblearn imbalanced-learn imblearn
igraph python-igraph igraph
jose python-jose
jwt pyjwt
kafka kafka-python kafka-python-ng
kaggle kaggle
keras keras keras-gpu keras-nightly tensorflow tensorflow-gpu tensorflow-cpu tensorflow-macos
kneed kneed
lightning lightning pytorch-lightning
lightning_fabric lightning-fabric lightning pytorch-lightning
llama_index llama-index llama-index-core
magic python-magic
markdown markdown
memory_profiler memory-profiler
mpl_toolkits matplotlib matplotlib-base
matplotlib matplotlib matplotlib-base
mpl_finance mpl-finance
mysql mysql-connector-python mysql-connector
networkx networkx
nvidia_smi nvidia-ml-py3
osgeo gdal
pandas_datareader pandas-datareader
pandas_gbq pandas-gbq
pandas_ta pandas-ta
pkg_resources setuptools
plotnine plotnine
pmdarima pmdarima
pptx python-pptx
psycopg2 psycopg2 psycopg2-binary aiopg
pycaret pycaret pycaret-full
pylab matplotlib matplotlib-base
pyLDAvis pyldavis
pymc3 pymc3
pymongo pymongo
pyodbc pyodbc
pyspark pyspark databricks-connect
pytesseract pytesseract
pytorch_lightning pytorch-lightning lightning
pytorch_tabnet pytorch-tabnet
pytz pytz
pywt pywavelets
ray ray
rdkit rdkit rdkit-pypi
rest_framework djangorestframework
scikitplot scikit-plot
segmentation_models_pytorch segmentation-models-pytorch
sentence_transformers sentence-transformers
serial pyserial
skimage scikit-image
sklearn scikit-learn scikit-learn-intelex sklearn
sklearn_pandas sklearn-pandas
skopt scikit-optimize
sksurv scikit-survival
slugify python-slugify
snowflake snowflake-connector-python snowflake-snowpark-python snowflake
socks pysocks
sqlalchemy sqlalchemy
statsmodels statsmodels
tables tables pytables
tabula tabula-py
talib ta-lib
telegram python-telegram-bot
tensorboard tensorboard tensorflow tensorflow-gpu tensorflow-cpu tb-nightly
tensorflow tensorflow tensorflow-gpu tensorflow-cpu tensorflow-macos tensorflow-intel tf-nightly intel-tensorflow tensorflow-base tensorflow-mkl
tensorflow_addons tensorflow-addons
tensorflow_datasets tensorflow-datasets tfds-nightly
tensorflow_hub tensorflow-hub
tensorflow_probability tensorflow-probability
text_unidecode text-unidecode
tf_agents tf-agents
tfx tfx
tokenizers tokenizers
torch torch pytorch pytorch-cpu pytorch-gpu torch-cpu
torch_geometric torch-geometric pyg
torchtext torchtext
torchvision torchvision torchvision-cpu
ultralytics ultralytics
umap umap-learn
usaddress usaddress
vaderSentiment vadersentiment
vertexai google-cloud-aiplatform
wandb wandb
weasyprint weasyprint
win32com pywin32
wordcloud wordcloud
xgboost xgboost xgboost-cpu py-xgboost py-xgboost-cpu py-xgboost-gpu libxgboost
yaml pyyaml ruamel-yaml
yellowbrick yellowbrick
zmq pyzmq
"""

# They provide a module of their own name.
_SAME = words(
    """
    absl accelerate aiohttp albumentations altair anthropic arch arviz autogluon bayespy bitsandbytes bokeh boto3 botocore
    cartopy catboost celery chardet click contextily cupy cvxpy cvxopt cython dask datasets deap deepchecks diffusers
    distributed dtreeviz econml eli5 emcee evaluate evidently fastapi fastai fastcore fastparquet feather
    featuretools flask flaml flax folium fsspec gensim geopandas geopy gradio great_expectations gpytorch gym gymnasium
    h2o h5py holoviews httpx huggingface_hub hvplot hyperopt imageio interpret ipywidgets ipyleaflet jax jaxlib jieba
    jinja2 joblib jsonschema keras_tuner kfp kornia langchain langchain_openai langchain_community langgraph lazypredict
    librosa lifelines lightfm lightgbm lime llvmlite loguru lxml mapie mlflow mlxtend missingno mne monai mplfinance
    multiprocess nbformat nbconvert networkx nibabel nltk numba numpy numpyro onnx onnxruntime openai openpyxl optuna
    opacus optax orbax orjson ortools pandas pandas_profiling pandera panel papermill paramiko peft phik pingouin pint
    plotly polars portalocker praw prefect prettytable prophet psutil pyarrow pydantic pydeck pydicom pydot pydotplus
    pygments pymc pymysql pyod pyproj pyro-ppl pysal pytest python_pptx pyvis rasterio redis regex requests rich rioxarray
    s3fs sagemaker scipy scrapy scikeras seaborn selenium sentencepiece seqeval setfit shap shapely simpy skforecast
    sktime skorch snorkel soundfile spacy spektral statsforecast streamlit sweetviz sympy tabulate textblob tiktoken timm
    toml torchaudio torchmetrics torchsummary torchinfo tornado tqdm trafilatura transformers treeinterpreter trl
    tsfresh tslearn tweepy typer ujson uvicorn vaex vega_datasets verstack vllm wbgapi wget wikipedia xarray xlrd xlsxwriter
    xlwt ydata_profiling yfinance zarr catboost darts neuralprophet neuralforecast pycountry geopandas plotnine causalml dowhy
    alibi captum fairlearn aif360 whylogs dagster feast bentoml ray modin pyspark delta dvc dvclive comet_ml neptune hydra
    omegaconf sacred
    """
)

# What installing the first brings along, as far as people import it without declaring it.
_BRINGS = """
pandas numpy python-dateutil pytz
scipy numpy
scikit-learn numpy scipy joblib threadpoolctl
matplotlib numpy pillow python-dateutil
matplotlib-base numpy pillow python-dateutil
seaborn matplotlib pandas numpy
statsmodels pandas scipy numpy patsy
scikit-image numpy scipy pillow networkx imageio
imbalanced-learn scikit-learn
xgboost numpy scipy
lightgbm numpy scipy
catboost numpy pandas scipy matplotlib plotly graphviz
shap numpy scipy scikit-learn pandas tqdm numba
lime numpy scipy scikit-learn matplotlib tqdm scikit-image
tensorflow keras numpy h5py tensorboard absl-py protobuf requests
tensorflow-gpu keras numpy h5py tensorboard
tensorflow-cpu keras numpy h5py tensorboard
tensorflow-macos keras numpy h5py tensorboard
keras numpy h5py
torch networkx sympy jinja2 fsspec
pytorch numpy
torchvision torch numpy pillow
torchaudio torch
pytorch-lightning torch torchmetrics tqdm numpy pyyaml
lightning torch torchmetrics tqdm numpy pyyaml pytorch-lightning
torchmetrics torch numpy
transformers numpy tokenizers huggingface-hub requests tqdm pyyaml regex
datasets numpy pandas pyarrow requests tqdm huggingface-hub fsspec
accelerate torch numpy huggingface-hub pyyaml psutil
sentence-transformers transformers torch scikit-learn scipy numpy tqdm huggingface-hub pillow
diffusers huggingface-hub numpy pillow requests regex
peft torch transformers accelerate numpy tqdm
trl transformers accelerate datasets torch
timm torch torchvision pyyaml huggingface-hub
ultralytics torch torchvision numpy opencv-python pandas matplotlib pillow pyyaml requests scipy seaborn tqdm psutil
fastai torch torchvision matplotlib pandas requests pyyaml pillow scikit-learn scipy spacy fastcore
mlflow numpy pandas scikit-learn scipy matplotlib pyarrow sqlalchemy pyyaml requests flask alembic docker click pydantic jinja2 gitpython
mlflow-skinny pyyaml requests click gitpython pydantic
optuna numpy sqlalchemy tqdm alembic pyyaml
hyperopt numpy scipy networkx tqdm
prophet numpy pandas matplotlib cmdstanpy tqdm
fbprophet numpy pandas matplotlib
nltk joblib regex tqdm click
textblob nltk
spacy numpy requests tqdm jinja2 typer pydantic
gensim numpy scipy
plotly packaging narwhals
dash flask plotly requests
bokeh numpy pandas jinja2 pillow tornado pyyaml
altair jinja2 jsonschema
streamlit altair numpy pandas pillow pyarrow requests tornado pydeck gitpython
gradio numpy pandas pillow fastapi pydantic pyyaml httpx jinja2 uvicorn huggingface-hub requests
dask pyyaml fsspec cloudpickle toolz click
distributed dask tornado click jinja2 pyyaml
xarray numpy pandas
geopandas pandas numpy shapely pyproj
folium jinja2 numpy requests branca
yfinance pandas numpy requests lxml beautifulsoup4
pandas-datareader pandas requests lxml
openpyxl et-xmlfile
boto3 botocore python-dateutil
sagemaker boto3 botocore numpy pandas requests pyyaml
fastapi pydantic starlette
langchain pydantic requests pyyaml sqlalchemy numpy
openai httpx pydantic tqdm
evidently plotly pandas numpy scikit-learn scipy nltk requests pyyaml pydantic
deepchecks pandas numpy scikit-learn matplotlib plotly scipy tqdm
ydata-profiling pandas numpy scipy matplotlib seaborn requests tqdm statsmodels jinja2 pydantic pyyaml
pandas-profiling pandas numpy scipy matplotlib seaborn requests tqdm jinja2
sweetviz pandas numpy scipy matplotlib tqdm
pycaret pandas numpy scikit-learn scipy matplotlib plotly joblib lightgbm imbalanced-learn statsmodels pmdarima yellowbrick tqdm sktime
yellowbrick numpy scipy scikit-learn matplotlib
mlxtend numpy scipy pandas scikit-learn matplotlib joblib
missingno numpy matplotlib scipy seaborn
category-encoders numpy pandas scikit-learn scipy statsmodels patsy
umap-learn numpy scipy scikit-learn numba tqdm
hdbscan numpy scipy scikit-learn joblib
lifelines numpy scipy pandas matplotlib autograd
pmdarima numpy pandas scikit-learn scipy statsmodels joblib
sktime numpy pandas scikit-learn scipy
tslearn numpy scipy scikit-learn numba joblib
darts numpy pandas scikit-learn scipy statsmodels matplotlib joblib tqdm xarray
skforecast numpy pandas scikit-learn tqdm optuna joblib
librosa numpy scipy scikit-learn joblib soundfile numba
wordcloud numpy pillow matplotlib
pymc numpy pandas scipy arviz
arviz numpy pandas scipy matplotlib xarray
jupyter ipython ipywidgets notebook nbconvert nbformat jupyterlab
notebook nbformat nbconvert tornado
jupyterlab notebook tornado jinja2
pyspark py4j
polars-u64-idx numpy
great-expectations pandas numpy scipy requests jinja2 tqdm
wandb requests pyyaml psutil click gitpython
comet-ml requests
snowflake-connector-python requests
google-cloud-bigquery requests python-dateutil
google-cloud-aiplatform google-cloud-storage google-cloud-bigquery shapely pydantic
kfp pyyaml google-cloud-storage click
feature-engine numpy pandas scikit-learn scipy statsmodels
scikit-plot matplotlib scikit-learn scipy joblib
scikit-survival numpy pandas scipy scikit-learn joblib numexpr
scikit-optimize numpy scipy scikit-learn joblib
eli5 numpy scipy scikit-learn jinja2 tabulate graphviz
interpret numpy pandas scikit-learn scipy joblib plotly
econml numpy scipy scikit-learn pandas joblib statsmodels shap lightgbm
dowhy numpy pandas scikit-learn scipy statsmodels networkx joblib tqdm sympy
opencv-python numpy
opencv-python-headless numpy
faiss-cpu numpy
h5py numpy
numba numpy llvmlite
networkx numpy
pyarrow numpy
papermill nbformat pyyaml requests tqdm click
anaconda numpy scipy pandas scikit-learn matplotlib matplotlib-base seaborn statsmodels scikit-image bokeh plotly nltk numba h5py pytables tables sympy networkx dask distributed xarray requests beautifulsoup4 lxml openpyxl xlrd xlwt xlsxwriter sqlalchemy jupyter ipython ipywidgets pillow pyyaml tqdm joblib patsy holoviews datashader gensim imageio pywavelets flask cython psutil pytest tornado cytoolz toolz regex tabulate
jax jaxlib numpy scipy
flax jax numpy optax
tensorflow-datasets numpy requests tqdm
tensorflow-hub numpy
tfx tensorflow numpy
ray numpy requests click pyyaml jsonschema
h2o requests tabulate
autogluon numpy pandas scikit-learn scipy matplotlib torch lightgbm xgboost catboost networkx
torch-geometric numpy scipy tqdm requests jinja2
pyvis networkx jinja2 ipython
phik numpy scipy pandas matplotlib joblib
imblearn imbalanced-learn
sklearn scikit-learn
"""

# What every kernel has, and we ourselves.
GIVEN = words(
    "ipython ipykernel ipywidgets jupyter-client jupyter-core traitlets nb-mlops comm pyzmq tornado setuptools pip"
)


@lru_cache(maxsize=1)
def _providers() -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in _PROVIDERS.split("\n") if line)
    found = {name: (name.lower().replace("_", "-"),) for name in _SAME}
    return found | {name: tuple(dict.fromkeys(rest)) for name, *rest in lines}


@lru_cache(maxsize=1)
def _brings() -> dict[str, tuple[str, ...]]:
    return {name: tuple(rest) for name, *rest in (line.split() for line in _BRINGS.split("\n") if line)}


def providers(module: str) -> tuple[str, ...]:
    """The distributions that provide a top-level module, the one to name first; none for one that is not known here.
    Names are as the index writes them: in lower case, with `-`."""
    return _providers().get(module, ())


@lru_cache(maxsize=64)
def installed(names: frozenset[str]) -> frozenset[str]:
    """The distributions that an installation of these has, as far as that is known."""
    found, new = set(names), set(names)
    while new:
        new = {brought for name in new for brought in _brings().get(name, ())} - found
        found |= new
    return frozenset(found)
