// Messages of export.
#include "catch.h"
#include "messages.h"

using namespace shadenet::test;

/// Its last number, a bias of conv2, as large as it goes.
#define HUGE_MODEL                                     \
    "head -c -4 plain.safetensors >huge.safetensors; " \
    R"(printf '\377\377\177\176' >>huge.safetensors; )"

TEST_CASE("messages about export, and their remedies") {
    const Message messages[] = {
        {"no place for an export", "shadenet export made.safetensors", 2, "--output is required",
         "shadenet export made.safetensors -o made.onnx"},
        {"a name that says no kind", "shadenet export made.safetensors -o made.net", 2,
         "made.net: its name does not say what is to be written; end it with .onnx, .cube, .csv, .hook or "
         ".dtmodel, or give --to",
         "shadenet export made.safetensors -o made.net --to onnx"},
        {"a kind that is not known", "shadenet export made.safetensors -o made.onnx --to tensorflow", 2,
         "--to is \"tensorflow\"; use onnx, cube, kernel, mpv or darktable", ""},
        {"a name of another kind", "shadenet export made.safetensors -o made.cube --to onnx", 2,
         "made.cube: ends as files of --to cube do, and --to is onnx; end it with .onnx, or leave --to out",
         "shadenet export made.safetensors -o told.cube"},
        {"an export that is there", "echo >made.onnx; shadenet export made.safetensors -o made.onnx", 2,
         "made.onnx: is there already; --overwrite replaces it, or choose another --output",
         "shadenet export made.safetensors -o made.onnx --overwrite"},
        {"an export to what is no file", "shadenet export made.safetensors -o - --to onnx", 2,
         "--output is \"-\", which only a single picture's --output may be; for a file of that name use ./-",
         "shadenet export made.safetensors -o ./- --to onnx"},
        {"an export named like a picture",
         "shadenet export made.safetensors --to cube -o before/p1.png --overwrite", 2,
         "before/p1.png: ends as pictures do; end it with .cube", ""},
        {"an export over the model",
         "shadenet export made.safetensors -o made.safetensors --to onnx --overwrite", 2,
         "made.safetensors: is the model; choose another --output", ""},
        {"an export into no folder", "shadenet export made.safetensors -o nowhere/made.onnx", 2,
         "nowhere/made.onnx: is no name for a file in a folder that is there; make the folder nowhere first",
         "mkdir nowhere; shadenet export made.safetensors -o nowhere/made.onnx"},
        {"an export to a device", "shadenet export made.safetensors --to onnx --overwrite -o /dev/full", 2,
         "/dev/full: is there already, and is no file that can be replaced; choose another --output",
         "shadenet export made.safetensors -o made.onnx --overwrite"},
        {"an export where no file can be", "shadenet export made.safetensors -o /proc/made.onnx", 2,
         "/proc/made.onnx: cannot be written: ", "shadenet export made.safetensors -o other.onnx"},
        {"a table of which no picture tells what it loses",
         "mkdir texts; echo >texts/a.png; shadenet export made.safetensors -o told.cube -i texts", 2,
         "texts: holds no picture that can be read; give others, or no --input",
         "shadenet export made.safetensors -o told.cube"},
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
        {"a flag of another kind", "shadenet export made.safetensors -o made.cube --fold", 2,
         "--fold is for --to onnx, and cube is written here; leave it out",
         "shadenet export made.safetensors -o made.cube"},
        {"a table of another side", "shadenet export made.safetensors -o made.cube --side 20", 2,
         "--side is \"20\"; use 17, 33 or 65", "shadenet export made.safetensors -o made.cube --side 17"},
        {"a table of classes", "shadenet export $model -o made.cube", 2,
         "run/model.safetensors: it tells the classes of pictures and makes none, which no table of colours "
         "holds; "
         "export it as .onnx",
         "shadenet export $model -o made.onnx"},
        {"a kernel of what bends", "shadenet export bent.safetensors -o made.csv", 2,
         "bent.safetensors: the network has relu between its layers, and so is no single kernel; export it "
         "as .onnx, "
         "or what flat areas become as .cube",
         "shadenet export bent.safetensors -o made.cube"},
        {"a package by another name", "shadenet export made.safetensors -o made.zip --to darktable", 2,
         "made.zip: darktable takes files named NAME.dtmodel; end --output with .dtmodel",
         "shadenet export made.safetensors -o made.dtmodel --to darktable"},
        {"a package whose name is no folder's", "shadenet export made.safetensors -o 'my filter.dtmodel'", 2,
         "my filter.dtmodel: the name has signs other than letters, digits, -, _ and ., and darktable makes "
         "a "
         "folder of it; choose another --output",
         "shadenet export made.safetensors -o my-filter.dtmodel"},
        {"a package whose name leads up", "shadenet export made.safetensors -o my..filter.dtmodel", 2,
         "my..filter.dtmodel: the name has .. in it, or begins with a dot, and darktable makes a folder of "
         "it",
         "shadenet export made.safetensors -o filter.dtmodel"},
        {"a package of classes", "shadenet export $model -o made.dtmodel --overwrite", 2,
         "which no package of darktable holds; export it as .onnx",
         "shadenet export $model -o made.onnx --overwrite"},
        {"a shader of classes", "shadenet export $model -o made.hook", 2,
         "run/model.safetensors: it tells the classes of pictures and makes none, which no shader of a "
         "player "
         "holds; export it as .onnx",
         "shadenet export $model -o made.onnx"},
        {"a shader of too large a network", "shadenet export wide/model.safetensors -o made.hook", 2,
         "wide/model.safetensors: takes 21600 multiply-adds a pixel, and a shader for videos may take 20000; "
         "export "
         "it as .onnx, or what flat areas become as .cube",
         "shadenet export wide/model.safetensors -o wide.onnx"},
        {"a kernel of classes", "shadenet export $model -o made.csv", 2,
         "and so is no single kernel; export it as .onnx", "shadenet export $model -o made.onnx"},
        {"a kernel by another name", "shadenet export made.safetensors -o made.txt --to kernel", 2,
         "made.txt: a kernel is three files, NAME.csv, NAME.glsl and NAME.png; end --output with .csv",
         "shadenet export made.safetensors -o made.csv --to kernel"},
        {"a table of huge values", HUGE_MODEL "shadenet export huge.safetensors -o made.cube", 2,
         "huge.safetensors: its table of colours would hold 8.5e+37, and some programs that use it know "
         "numbers up to 65504; train it anew, or export it as .onnx",
         "shadenet export huge.safetensors -o made.onnx"},
        {"a kernel of huge values", HUGE_MODEL "shadenet export huge.safetensors -o made.csv", 2,
         "huge.safetensors: its kernel would hold 8.5e+37", "shadenet export plain.safetensors -o made.csv"},
        {"a shader of huge values", HUGE_MODEL "shadenet export huge.safetensors -o made.hook", 2,
         "huge.safetensors: its shader would hold 8.5e+37", "shadenet export plain.safetensors -o made.hook"},
        {"pictures for a table that are not there",
         "shadenet export made.safetensors -o made.cube -i nowhere", 2, "nowhere: no such file or folder",
         "shadenet export made.safetensors -o made.cube -i before"},
    };
    check_messages(messages, {R"(mkdir -p set/train/a set/train/b
for i in 1 2 3 4; do cp before/*0.png set/train/a/$i.png; cp after/*0.png set/train/b/$i.png; done
shadenet train --data set --output run --network mlp --epochs 1 --split 50%:50% --size 6 --quiet
shadenet train $pairs --output bent --size 0 --hidden 1 --kernel 1 --activation relu --epochs 1 --no-tune --quiet
cp bent/model.safetensors bent.safetensors
shadenet train $pairs --output wide --size 0 --hidden 400 --norm none --epochs 1 --no-tune --quiet)"});
}
