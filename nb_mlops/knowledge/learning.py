"""What functions and classes of machine-learning libraries do with rows: split, learn from, copy or score them.

Facts from the public documentation of scikit-learn 1.7, imbalanced-learn 0.13, category_encoders 2.8, XGBoost 3.0,
LightGBM 4.6, CatBoost 1.2 and Keras 3.
"""

from __future__ import annotations

from functools import lru_cache

from nb_mlops.knowledge import words

# Packages whose capitalised names are things that learn by `fit`.
ESTIMATORS = words(
    "sklearn xgboost lightgbm catboost imblearn category_encoders keras tensorflow cuml sklearnex feature_engine"
)
# Their modules whose classes learn how to change columns, not how to predict.
TRANSFORMING = words(
    "preprocessing decomposition feature_selection impute feature_extraction random_projection manifold"
    " category_encoders encoding imputation selection transformation"
)
# What learns numbers from all rows that it is shown, so that a transformed row tells of the others.
LEARNS_FROM_ROWS = words(
    "StandardScaler MinMaxScaler RobustScaler MaxAbsScaler QuantileTransformer PowerTransformer PCA IncrementalPCA"
    " KernelPCA SparsePCA MiniBatchSparsePCA TruncatedSVD NMF MiniBatchNMF FastICA FactorAnalysis SimpleImputer"
    " KNNImputer IterativeImputer Imputer TfidfVectorizer TfidfTransformer KBinsDiscretizer"
)
# What learns from the target besides: which columns to keep, or what stands for a category.
LEARNS_FROM_TARGET = words(
    "SelectKBest SelectPercentile SelectFpr SelectFdr SelectFwe GenericUnivariateSelect RFE RFECV SelectFromModel"
    " SequentialFeatureSelector TargetEncoder LeaveOneOutEncoder WOEEncoder CatBoostEncoder JamesSteinEncoder"
    " MEstimateEncoder GLMMEncoder"
)
# What changes columns by rule, so that nothing is lost when it is fitted again.
LEARN_NOTHING = words("PolynomialFeatures Normalizer Binarizer FunctionTransformer HashingVectorizer FeatureHasher")
# What makes rows that are copies of others, or lie between them.
COPIES_ROWS = words(
    "SMOTE SMOTENC SMOTEN BorderlineSMOTE SVMSMOTE KMeansSMOTE ADASYN RandomOverSampler SMOTEENN SMOTETomek"
)
SPLITS = words("train_test_split iterative_train_test_split")
FOLDS = words("cross_val_score cross_validate cross_val_predict")
# Methods by which something learns from rows, and by which it is held against them.
LEARNING = words("fit fit_transform fit_predict fit_resample fit_sample partial_fit fit_on_texts adapt train")
SCORING = words("score evaluate")
PREDICTING = words("predict predict_proba predict_log_proba decision_function predict_classes")
TRANSFORMS = words("transform inverse_transform texts_to_sequences texts_to_matrix")
# Searches that choose by what their own folds say.
SEARCHES = words(
    "GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV EvolutionAlgorithmSearchCV"
)

# Methods of tables and arrays that keep some of the rows, by their arguments.
KEEPS_SOME_ROWS = words("sample head tail query nlargest nsmallest take truncate between_time filter where first last")
# Methods that keep every column of a table as it is or changed, and lose none.
KEEPS_COLUMNS = words(
    "copy fillna dropna reset_index astype sample head tail sort_values replace interpolate ffill bfill clip round"
    " drop_duplicates query sort_index to_numpy infer_objects convert_dtypes shuffle"
)
# Attributes that are the table itself in another form.
SAME_ROWS = words("values T iloc loc at iat str dt cat array index flat")


_METRICS = words("score error report matrix auc accuracy loss rmse mse mae r2 f1 precision recall curve deviance")


def is_metric(function: str) -> bool:
    """Whether a function of this name holds predictions against the truth."""
    return not _METRICS.isdisjoint(function.lower().split("_"))


def is_named(name: str, whose: frozenset[str]) -> bool:
    """Whether one of the words that a name is made of is among these: `X_test`, `test_df`, `XTest`."""
    return not whose.isdisjoint(_words_of(name))


@lru_cache(maxsize=1024)
def _words_of(name: str) -> frozenset[str]:
    text = "".join([f"_{c.lower()}" if c.isupper() else c for c in name])
    return frozenset(text.replace("-", "_").strip("_").split("_"))


TRAIN = words("train training trn tr xtrain ytrain")
TEST = words("test testing tst te val valid validation eval holdout xtest ytest xval yval")
# Rows by such a name are there to choose by.
FOR_CHOOSING = words("val valid validation dev eval xval yval")
