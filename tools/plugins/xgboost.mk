xgboost_HEADER = xgboost/c_api.h
xgboost_LIBS = -lxgboost
xgboost_PACKAGE = libxgboost-dev
