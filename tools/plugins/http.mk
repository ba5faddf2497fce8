http_HEADER = curl/curl.h
http_ROOMS = web
http_LIBS = -lcurl -lcsv
http_PACKAGE = libcurl4-openssl-dev
