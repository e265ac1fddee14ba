// Messages of export.
#include "catch.h"
#include "messages.h"

using namespace shadenet::test;

TEST_CASE("messages about export, and their remedies") {
    const Message messages[] = {
        {"no place for an export", "shadenet export made.safetensors", 2, "--output is required",
         "shadenet export made.safetensors -o made.onnx"},
        {"a name that says no kind", "shadenet export made.safetensors -o made.net", 2,
         "made.net: its name does not say what is to be written; end it with .onnx",
         "shadenet export made.safetensors -o made.net --to onnx"},
        {"a kind that is not known", "shadenet export made.safetensors -o made.onnx --to tensorflow", 2,
         "--to is \"tensorflow\"; use onnx", ""},
        {"an export that is there", "echo >made.onnx; shadenet export made.safetensors -o made.onnx", 2,
         "made.onnx: is there already; --overwrite replaces it, or choose another --output",
         "shadenet export made.safetensors -o made.onnx --overwrite"},
        {"an export over the model",
         "shadenet export made.safetensors -o made.safetensors --to onnx --overwrite", 2,
         "made.safetensors: is the model; choose another --output", ""},
        {"an export into no folder", "shadenet export made.safetensors -o nowhere/made.onnx", 1,
         "nowhere/made.onnx: cannot create the file: No such file or directory; make its folder first",
         "mkdir nowhere; shadenet export made.safetensors -o nowhere/made.onnx"},
        {"an export to a device", "shadenet export made.safetensors --to onnx --overwrite -o /dev/full", 1,
         "/dev/full: ", ""},
        {"a damaged model to export",
         "head -c 900 made.safetensors >half.safetensors; "
         "shadenet export half.safetensors -o half.onnx",
         2, "half.safetensors: ", ""},
        {"a size that is none", "shadenet export made.safetensors -o made.onnx --static 640", 2,
         "--static is \"640\"; use HEIGHTxWIDTH, each from 1 to 16384, as in 480x640",
         "shadenet export made.safetensors -o made.onnx --static 480x640"},
        {"statistics that it has not", "shadenet export plain.safetensors -o made.onnx --stats night", 2,
         "plain.safetensors: its network has no batch norm, and so no statistics; leave --stats out",
         "shadenet export plain.safetensors -o made.onnx"},
    };
    check_messages(messages);
}
