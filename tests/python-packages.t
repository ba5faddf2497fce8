#!/bin/sh
# The stand-ins of the python plugin for the packages of AWS: bt-python(7).
. "${0%/*}/lib.sh"
. "${0%/*}/python.sh"

ok 'decoder_encoder of the toolkit of Hugging Face' '
	script <<-\END
	from sagemaker_huggingface_inference_toolkit import content_types, decoder_encoder
	from mms.service import PredictionException
	def model_fn(model_dir):
	    return None
	def input_fn(body, content_type):
	    return decoder_encoder.decode(body, content_type)
	def predict_fn(data, model):
	    if not data["inputs"]:
	        raise PredictionException("no text", 422)
	    return [{"text": t, "n": len(t), "nan": float("nan")} for t in data["inputs"]]
	def output_fn(prediction, accept):
	    return decoder_encoder.encode(prediction, accept)
	END
	echo "{\"inputs\": [\"h\u00e9\"]}" >x.json
	predict x.json >out
	echo >>out
	bt-split --split-type None x.json >refs
	run --accept text/csv >>out
	printf "inputs,n\n\"a\nb\",1\nc,2\n" >x.csv
	bt-split --split-type None x.csv >refs
	run --accept application/json >>out
	echo >>out
	echo "{\"inputs\": []}" >x.json
	fails 1 predict x.json
	errors >>out
	fails 1 predict x.json --content-type text/plain
	errors >>out
	tr -d "\r" <out | tr "\047" Q >got
	printf "[{\"text\":\"h\303\251\",\"n\":2,\"nan\":null}]\n" >want
	cat >>want <<-\END
	text,n,nan
	hé,2,nan
	[{"text":"a\nb","n":3,"nan":null},{"text":"c","n":1,"nan":null}]
	1 400 record 0 (byte 0): python: predict_fn: mms.service.PredictionException: (422, Qno textQ, Qno textQ) (code/inference.py line 9)
	1 415 record 0 (byte 0): python: input_fn: sagemaker_inference.errors.UnsupportedFormatError: content type text/plain is not supported (code/inference.py line 6)
	END
	diff -u want got
'
for numpy in "$BT_PYTHON" /usr/bin/python3 ""; do
	test -z "$numpy" || ! "$numpy" -c "import numpy" 2>/dev/null || break
done
if test -n "$numpy"; then
ok 'decoders of CSV: floats in one dimension if there is one row or column' '
	export BT_PYTHON="$numpy"
	script <<-\END
	from sagemaker_containers.beta.framework import encoders
	from sagemaker_inference import decoder
	def model_fn(model_dir):
	    return None
	def input_fn(body, content_type):
	    print(encoders.decode(body, content_type).tolist(), flush=True)
	    print(decoder.decode(body, content_type).tolist())
	def predict_fn(data, model):
	    return [1]
	END
	printf "%s\n" 1,2.5 "" 1 2 1,2 "3,4" "a,\"b\"" "" "1,2" "3" |
	    split -l 2 -a 1 - csv.
	bt-split --split-type None --content-type text/csv csv.* >refs
	fails 1 run --invocations-max-retries 0
	grep "^\[" "$tmp/err" | tr "\047" Q >out
	errors | sed "s/ (code.*//" >>out
	same out <<-\END
	[1.0, 2.5]
	[1.0, 2.5]
	[1.0, 2.0]
	[1.0, 2.0]
	[[1.0, 2.0], [3.0, 4.0]]
	[[1.0, 2.0], [3.0, 4.0]]
	[QaQ, QbQ]
	1 400 record 0 (byte 0): python: column 1: "a" is not a number (a header row? bt-split --header)
	1 500 record 0 (byte 0): python: input_fn: sagemaker_inference.errors.ClientError: Error while decoding csv: setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 dimensions. The detected shape was (2,) + inhomogeneous part.
	END
'
else
	skip 'decoders of CSV: floats in one dimension if there is one row or column' 'no numpy'
fi
ok 'services and handlers that scripts extend beside their functions' '
	script <<-\END
	from sagemaker_inference import content_types, default_inference_handler, utils
	from sagemaker_inference.default_handler_service import DefaultHandlerService
	from sagemaker_inference.transformer import Transformer
	from sagemaker_pytorch_serving_container import handler_service
	from sagemaker_pytorch_serving_container.default_pytorch_inference_handler import (
	    DefaultPytorchInferenceHandler)
	from sagemaker_pytorch_serving_container import default_inference_handler as same
	assert same.DefaultPytorchInferenceHandler is DefaultPytorchInferenceHandler
	assert utils.retrieve_content_type_header({"content-type": "a"}) == "a"
	class Handler(default_inference_handler.DefaultInferenceHandler):
	    def default_predict_fn(self, data, model):
	        return data
	class Service(DefaultHandlerService):
	    def __init__(self):
	        transformer = Transformer(default_inference_handler=Handler())
	        super(Service, self).__init__(transformer=transformer)
	class Other(handler_service.HandlerService, DefaultPytorchInferenceHandler):
	    pass
	def model_fn(model_dir):
	    Other().initialize(None)
	    return Service()
	def transform_fn(model, body, content_type, accept):
	    return model.handle([{"body": body}], None)
	END
	echo a >x.csv
	fails 1 predict x.csv --invocations-max-retries 0
	errors >out
	same out <<-END
	1 500 record 0 (byte 0): python: transform_fn: NotImplementedError: the stand-in for sagemaker_inference has no model server; define model_fn and predict_fn, or install the package (code/inference.py line 23)
	END
'
ok 'a name or a module that a stand-in lacks' '
	echo a >x.csv
	bt-split x.csv >refs
	while read -r import; do
		echo "$import" | script
		fails 255 run
		sed -n "s/^bt-predict: python: ModuleNotFoundError: //p" "$tmp/err"
	done >out <<-END
	from sagemaker_inference import model_server
	import sagemaker_inference.model_server
	from sagemaker_inference.errors import NoSuchError
	import sagemaker_containers.beta.framework.mpi
	from sagemaker_huggingface_inference_toolkit.transformers_utils import get_pipeline
	END
	sed "s/ (code.*//" out >lines
	same lines <<-END
	sagemaker_inference.model_server is not in the stand-in for that package; install the package
	sagemaker_inference.model_server is not in the stand-in for that package; install the package
	sagemaker_inference.errors.NoSuchError is not in the stand-in for that package; install the package
	sagemaker_containers.beta.framework.mpi is not in the stand-in for that package; install the package
	sagemaker_huggingface_inference_toolkit.transformers_utils is not in the stand-in for that package; install the package
	END
	grep -c "; set BT_PYTHON to use an interpreter other than $BT_PYTHON\$" out >n
	echo 5 | same n
'
finish
