"""The context that a script's functions may ask for."""

import os


class Metrics:
    """Takes any measurement, and forgets it."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: self


class Context:
    """Those parts of a model server's context that apply here."""

    def __init__(self, model_dir):
        names = "SAGEMAKER_MAX_PAYLOAD_IN_MB", "SAGEMAKER_BATCH_STRATEGY"
        self.system_properties = {"model_dir": model_dir, "gpu_id": None, "batch_size": 1,
                                  "server_name": "bt-predict"}
        self.system_properties.update((name, os.environ.get(name)) for name in names)
        self.request_processor = [self]
        self.metrics = Metrics()
        self.model_name = os.path.basename(model_dir)
        self.manifest = {"model": {"modelName": self.model_name, "modelVersion": "1.0"}}
        self.begin("", "", [])

    def begin(self, content_type, accept, place):
        """A batch; place is empty, or its object, first record and record count."""
        names = "X-Bt-Object", "X-Bt-First-Record", "X-Bt-Record-Count"
        self.headers = {"Content-Type": content_type, "Accept": accept}
        self.headers.update(zip(names, place))
        self.reply_type = None
        self.status = 200
        self.phrase = ""

    def get_request_id(self, idx=0):
        return "0"

    def get_request_header(self, idx, key):
        return next((v for k, v in self.headers.items() if k.lower() == key.lower()), None)

    def get_all_request_header(self, idx):
        return self.headers

    def get_request_properties(self):
        return self.headers

    def get_request_property(self, key):
        return self.get_request_header(0, key)

    def get_response_content_type(self, idx):
        return self.reply_type

    def set_response_content_type(self, idx, value):
        self.reply_type = value

    def set_response_status(self, code=200, phrase="", idx=0):
        self.status = code
        self.phrase = phrase

    def set_response_header(self, idx, key, value):
        pass


def is_asked_for(parameters, count):
    """Whether a function that is called with count arguments gets the context as one
    more; None if it cannot be called so."""
    named = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    star = any(p.kind == p.VAR_POSITIONAL for p in parameters)
    if any(p.kind == p.KEYWORD_ONLY and p.default is p.empty for p in parameters):
        return None
    if len(named) < count:
        return False if star else None
    if len(named) == count:
        return star
    if any(p.default is p.empty for p in named[count + 1:]):
        return None
    more = named[count]
    return more.default is more.empty or more.name in ("context", "ctx")
