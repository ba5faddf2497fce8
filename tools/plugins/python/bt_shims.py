"""Stand-ins for the packages of a model server's image, as far as scripts use them:
MODULES has their names.  An installed package is found first."""

import csv
import importlib.abc
import importlib.machinery
import io
import json
import os
import sys

import bt_codecs as codecs
import bt_families as families


class UnsupportedFormatError(Exception):
    def __init__(self, content_type, **kwargs):
        self.message = "content type %s is not supported" % content_type
        Exception.__init__(self, self.message)


class ClientError(Exception):
    pass


class BaseInferenceToolkitError(Exception):
    def __init__(self, status_code, message, phrase):
        Exception.__init__(self, status_code, message, phrase)
        self.status_code = status_code
        self.message = message
        self.phrase = phrase


class GenericInferenceToolkitError(BaseInferenceToolkitError):
    def __init__(self, status_code, message=None, phrase=None):
        message = message or "Invalid Request"
        BaseInferenceToolkitError.__init__(self, status_code, message, phrase or message)


class PredictionException(BaseInferenceToolkitError):
    """What the toolkit of Hugging Face raises."""

    __module__ = "mms.service"

    def __init__(self, message, error_code=500):
        BaseInferenceToolkitError.__init__(self, error_code, message, message)
        self.error_code = error_code


class Response:
    """A reply with its content type, as output_fn returns it."""

    default_mimetype = codecs.JSON

    def __init__(self, response=None, accept=None, status=200, headers=None,
                 mimetype=None, direct_passthrough=False):
        self.data = b"" if response is None else response
        self.status_code = int(str(status).split()[0])
        self.headers = dict(headers or {})
        self.mimetype = mimetype or self.default_mimetype

    def get_data(self, as_text=False):
        data = self.data
        if not isinstance(data, (str, bytes, bytearray)):
            parts = [p.encode("utf-8") if isinstance(p, str) else bytes(p) for p in data]
            data = b"".join(parts)
        if as_text:
            return data if isinstance(data, str) else bytes(data).decode("utf-8")
        return data.encode("utf-8") if isinstance(data, str) else bytes(data)


def numpy():
    return codecs.need("numpy", 500, "use the AWS encoders")


def json_to_numpy(text, dtype=None):
    return numpy().array(json.loads(text), dtype=dtype)


def npy_to_numpy(data):
    return numpy().load(io.BytesIO(data), allow_pickle=False)


def array_to_npy(array):
    out = io.BytesIO()
    numpy().save(out, array)
    return out.getvalue()


def squeezed_csv(text, dtype=None):
    """sagemaker_containers: a row, or a column, alone has one dimension; floats if all
    fields are numbers, otherwise strings."""
    array = None
    try:
        rows = csv.reader(io.StringIO(codecs.text_of(text)), strict=True)
        rows = [row for row in rows if row]
        array = numpy().array(rows).squeeze()
        return array.astype(dtype)
    except (ValueError, csv.Error) as e:
        if array is not None and dtype is None:
            return array
        raise ClientError("Error while decoding csv: %s" % e) from None


def quoted_csv(array):
    """sagemaker_containers: one dimension is a column."""
    array = numpy().array(array)
    out = io.StringIO()
    rows = array.reshape(-1, 1) if array.ndim == 1 else array
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def toolkit_csv(text, dtype=float):
    """sagemaker_inference: the same of numbers only."""
    return codecs.decode_csv(text, dtype).squeeze()


def by_type(functions):
    def convert(value, content_type=codecs.JSON):
        if content_type not in functions:
            raise UnsupportedFormatError(content_type)
        return functions[content_type](value)

    return convert


def dmatrix(rows):
    xgboost = codecs.need("xgboost", 500, "make a DMatrix")
    return xgboost.DMatrix(numpy().array(rows, dtype=float))


def csv_to_dmatrix(text, dtype=None):
    lines = codecs.text_of(text).strip("\n").split("\n")
    try:
        mark = csv.Sniffer().sniff(lines[0][:512]).delimiter
    except csv.Error:
        mark = ","
    mark = "," if mark.isalnum() else mark
    return dmatrix([["nan" if v == "" else v for v in line.split(mark)] for line in lines])


def libsvm_to_dmatrix(text):
    """Indices begin at 1 if no record has a 0, as in that container."""
    rows = []
    for line in codecs.text_of(text).strip().split("\n"):
        pairs = [p.split(":", 1) for p in line.split() if ":" in p]
        rows.append({int(index): float(value) for index, value in pairs})
    indices = [i for row in rows for i in row]
    first = 1 if indices and min(indices) >= 1 else 0
    width = max(indices) - first + 1 if indices else 0
    return dmatrix([[row.get(i + first, 0.0) for i in range(width)] for row in rows])


def xgboost_decode(value, content_type):
    functions = {
        codecs.CSV: csv_to_dmatrix,
        "text/libsvm": libsvm_to_dmatrix,
        "text/x-libsvm": libsvm_to_dmatrix,
    }
    return by_type(functions)(value, codecs.media_type(content_type))


def content_type_of(headers):
    names = [n for n in headers if n.lower() in ("content-type", "contenttype")]
    return headers[names[0]] if names else None


def model_dir():
    return os.environ.get("SM_MODEL_DIR", "/opt/ml/model")


class Environment:
    """ServingEnv and Environment."""

    def __init__(self, *args, **kwargs):
        self.model_dir = model_dir()
        self.code_dir = os.path.join(self.model_dir, "code")
        self.module_dir = self.code_dir
        program = os.environ.get("SAGEMAKER_PROGRAM", "inference.py")
        self.module_name = program[:-3] if program.endswith(".py") else program
        self.default_accept = os.environ.get(
            "SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", codecs.JSON)


def environment():
    return {"model_dir": model_dir(), "code_dir": os.path.join(model_dir(), "code"),
            "ServingEnv": Environment, "Environment": Environment}


class DefaultInferenceHandler:
    """The methods that classes extending it call."""

    def default_input_fn(self, input_data, content_type, context=None):
        return inference_decode(input_data, content_type)

    def default_output_fn(self, prediction, accept, context=None):
        for wanted in accept.replace(" ", "").split(","):
            if wanted in INFERENCE_ENCODERS:
                return inference_encode(prediction, wanted), wanted
        raise UnsupportedFormatError(accept)


class PytorchHandler(DefaultInferenceHandler):
    def default_model_fn(self, model_dir, context=None):
        return families.Pytorch().model_fn(model_dir)

    def default_input_fn(self, input_data, content_type, context=None):
        return families.Pytorch().input_fn(input_data, content_type)

    def default_predict_fn(self, data, model, context=None):
        return families.Pytorch().predict_fn(data, model)

    def default_output_fn(self, prediction, accept, context=None):
        return families.Pytorch().output_fn(prediction, accept)[0]


class Transformer:
    """For scripts that subclass a model server's service beside their functions; only
    the functions are called."""

    def __init__(self, default_inference_handler=None):
        self._default_inference_handler = default_inference_handler or DefaultInferenceHandler()

    def transform(self, data, context):
        raise NotImplementedError("the stand-in for sagemaker_inference has no model server; "
                                  "define model_fn and predict_fn, or install the package")


class DefaultHandlerService:
    def __init__(self, transformer=None):
        self._service = transformer or Transformer()

    def initialize(self, context):
        pass

    def handle(self, data, context):
        return self._service.transform(data, context)


class JsonEncoder(json.JSONEncoder):
    def default(self, o):
        return codecs.plain(o)


def compact_json(value, accept_type=None):
    return codecs.encode_json(value, ensure_ascii=False, separators=(",", ":"))


def headed_csv(value, accept_type=None):
    """The toolkit of Hugging Face: the keys of the first object are the header."""
    out = io.StringIO()
    rows = list(value)
    writer = csv.DictWriter(out, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def encode_image(image, accept_type="image/png"):
    kind = accept_type.split("/")[-1].upper()
    out = io.BytesIO()
    image.save(out, format="PNG" if kind == "X-IMAGE" else kind)
    return out.getvalue()


CONTAINERS_DECODERS = {codecs.JSON: json_to_numpy, codecs.CSV: squeezed_csv,
                       codecs.NPY: npy_to_numpy}
CONTAINERS_ENCODERS = {codecs.JSON: codecs.encode_json, codecs.CSV: quoted_csv,
                       codecs.NPY: array_to_npy}
INFERENCE_DECODERS = {codecs.JSON: json_to_numpy, codecs.CSV: toolkit_csv,
                      codecs.NPY: npy_to_numpy, codecs.NPZ: codecs.decode_npz}
INFERENCE_ENCODERS = {codecs.JSON: codecs.encode_json, codecs.CSV: codecs.encode_csv,
                      codecs.NPY: array_to_npy}
inference_decode = by_type(INFERENCE_DECODERS)
inference_encode = by_type(INFERENCE_ENCODERS)

IMAGES = {"JPEG": "image/jpeg", "PNG": "image/png", "TIFF": "image/tiff", "BMP": "image/bmp",
          "GIF": "image/gif", "WEBP": "image/webp", "X_IMAGE": "image/x-image"}
SOUNDS = {"FLAC": "audio/x-flac", "MP3": "audio/mpeg", "WAV": "audio/wave", "OGG": "audio/ogg",
          "X_AUDIO": "audio/x-audio"}
HF_DECODERS = {codecs.JSON: json.loads, codecs.CSV: families.named_rows,
               codecs.NPY: npy_to_numpy}
HF_DECODERS.update((t, families.image_of) for t in IMAGES.values())
HF_DECODERS.update((t, families.sound_of) for t in SOUNDS.values())
HF_ENCODERS = {codecs.JSON: compact_json, codecs.CSV: headed_csv, codecs.NPY: array_to_npy}


def hf_encode(value, accept_type=codecs.JSON):
    if accept_type in IMAGES.values():
        return encode_image(value, accept_type)
    return by_type(HF_ENCODERS)(value, accept_type)


CONTENT_TYPES = {
    "JSON": codecs.JSON, "CSV": codecs.CSV, "NPY": codecs.NPY, "NPZ": codecs.NPZ,
    "OCTET_STREAM": "application/octet-stream", "ANY": "*/*",
    "UTF8_TYPES": [codecs.JSON, codecs.CSV],
}
ERRORS = {
    "ClientError": ClientError,
    "UnsupportedFormatError": UnsupportedFormatError,
    "BaseInferenceToolkitError": BaseInferenceToolkitError,
    "GenericInferenceToolkitError": GenericInferenceToolkitError,
}
for error in ERRORS.values():
    error.__module__ = "sagemaker_inference.errors"
ENCODERS = {
    "encode": by_type(CONTAINERS_ENCODERS), "decode": by_type(CONTAINERS_DECODERS),
    "array_to_json": codecs.encode_json, "json_to_numpy": json_to_numpy,
    "array_to_csv": quoted_csv, "csv_to_numpy": squeezed_csv,
    "array_to_npy": array_to_npy, "npy_to_numpy": npy_to_numpy,
}
HF_CONTENT_TYPES = dict(CONTENT_TYPES, VISION_TYPES=list(IMAGES.values()),
                        AUDIO_TYPES=list(SOUNDS.values()), **dict(IMAGES, **SOUNDS))
DECODER_ENCODER = {
    "decode": by_type(HF_DECODERS), "encode": hf_encode,
    "decode_json": json.loads, "decode_csv": families.named_rows,
    "decode_image": families.image_of, "decode_audio": families.sound_of,
    "encode_json": compact_json, "encode_csv": headed_csv, "encode_image": encode_image,
    "_array_to_npy": array_to_npy, "_npy_to_numpy": npy_to_numpy, "_JSONEncoder": JsonEncoder,
    "_decoder_map": HF_DECODERS, "_encoder_map": HF_ENCODERS,
}
# In sagemaker_containers the private names came first.
CONTAINERS = {
    "content_types": CONTENT_TYPES, "encoders": ENCODERS, "errors": ERRORS,
    "env": environment, "worker": {"Response": Response},
    "transformer": {}, "modules": {}, "functions": {}, "files": {}, "logging": {},
}
MODULES = {
    "sagemaker_containers": {},
    "sagemaker_containers.beta": {},
    "sagemaker_containers.beta.framework": {},
    "sagemaker_inference": {},
    "sagemaker_inference.content_types": CONTENT_TYPES,
    "sagemaker_inference.errors": ERRORS,
    "sagemaker_inference.decoder": {
        "decode": inference_decode, "_json_to_numpy": json_to_numpy,
        "_csv_to_numpy": toolkit_csv, "_npy_to_numpy": npy_to_numpy,
    },
    "sagemaker_inference.encoder": {
        "encode": inference_encode, "SUPPORTED_CONTENT_TYPES": set(INFERENCE_ENCODERS),
        "_array_to_json": codecs.encode_json, "_array_to_csv": codecs.encode_csv,
        "_array_to_npy": array_to_npy,
    },
    "sagemaker_inference.environment": environment,
    "sagemaker_inference.utils": {
        "parse_accept": lambda accept: accept.replace(" ", "").split(","),
        "retrieve_content_type_header": content_type_of,
    },
    "sagemaker_inference.transformer": {"Transformer": Transformer},
    "sagemaker_inference.default_handler_service": {
        "DefaultHandlerService": DefaultHandlerService,
    },
    "sagemaker_inference.default_inference_handler": {
        "DefaultInferenceHandler": DefaultInferenceHandler,
    },
    "sagemaker_pytorch_serving_container": {},
    "sagemaker_pytorch_serving_container.default_pytorch_inference_handler": {
        "DefaultPytorchInferenceHandler": PytorchHandler,
    },
    "sagemaker_pytorch_serving_container.default_inference_handler": {
        "DefaultPytorchInferenceHandler": PytorchHandler,
    },
    "sagemaker_pytorch_serving_container.handler_service": {
        "HandlerService": DefaultHandlerService,
    },
    "sagemaker_huggingface_inference_toolkit": {},
    "sagemaker_huggingface_inference_toolkit.content_types": HF_CONTENT_TYPES,
    "sagemaker_huggingface_inference_toolkit.decoder_encoder": DECODER_ENCODER,
    "mms": {},
    "mms.service": {"PredictionException": PredictionException},
    "sagemaker_xgboost_container": {},
    "sagemaker_xgboost_container.encoder": {
        "decode": xgboost_decode, "csv_to_dmatrix": csv_to_dmatrix,
        "libsvm_to_dmatrix": libsvm_to_dmatrix,
    },
    "sagemaker_xgboost_container.constants": {},
    "sagemaker_xgboost_container.constants.xgb_content_types": {
        "LIBSVM": "text/libsvm", "X_LIBSVM": "text/x-libsvm",
        "X_PARQUET": "application/x-parquet",
        "X_RECORDIO_PROTOBUF": "application/x-recordio-protobuf",
    },
}
for name, members in CONTAINERS.items():
    MODULES["sagemaker_containers." + name] = members
    MODULES["sagemaker_containers._" + name] = members
    MODULES["sagemaker_containers.beta.framework." + name] = members


def not_there(name):
    return "%s is not in the stand-in for that package; install the package" % name


def lacking(module):
    def getattr_of_module(name):
        raise AttributeError(not_there("%s.%s" % (module, name)))

    return getattr_of_module


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        above = name.rpartition(".")[0]
        spec = getattr(sys.modules.get(above), "__spec__", None)
        if above and getattr(spec, "loader", None) is not self:
            return None  # an installed package lacks this module
        if name in MODULES:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if above:
            raise ModuleNotFoundError(not_there(name))
        return None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        members = MODULES[name]
        module.__dict__.update(members() if callable(members) else members)
        for below in MODULES:
            if below.rpartition(".")[0] == name:
                importlib.import_module(below)
        module.__getattr__ = lacking(name)


def install():
    sys.meta_path.append(Finder())
