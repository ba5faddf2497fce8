chat_ROOMS = web
chat_HEADER = curl/curl.h
chat_LIBS = -lcurl -lcsv
chat_PACKAGE = libcurl4-openssl-dev
