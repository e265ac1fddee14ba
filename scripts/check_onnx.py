"""check_onnx.py FOLDER: every .onnx file in it is what the format allows, and says what its numbers are."""
import pathlib
import sys

import onnx

files = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
assert files, "there is no file to check"
for file in files:
    model = onnx.load(str(file))
    onnx.checker.check_model(model, full_check=True)  # with the shapes that follow from the input's
    assert model.opset_import[0].version == 17, file
    assert {"network", "input", "output", "norms"} <= {entry.key for entry in model.metadata_props}, file
print(f"onnx {onnx.__version__}: {len(files)} files are right")
