"""The context that a script's functions may ask for."""


class Context:
    """The argument of a function with one more parameter: those parts of a model
    server's context that apply here."""

    def __init__(self, model_dir):
        self.system_properties = {"model_dir": model_dir, "gpu_id": None, "batch_size": 1,
                                  "server_name": "bt-predict"}
        self.request_processor = [self]
        self.headers = {}
        self.begin()

    def begin(self):
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
