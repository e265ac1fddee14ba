// Messages of classify, and of apply about classifiers.
#include "catch.h"
#include "messages.h"

using namespace shadenet::test;

TEST_CASE("messages about classify, and their remedies") {
    const Message messages[] = {
        {"a filter that is to tell classes", "shadenet classify -m made.safetensors -i before", 2,
         "made.safetensors: is a filter, which makes pictures and knows no classes; use `shadenet apply`",
         "shadenet apply -m made.safetensors -i before -o out"},
        {"a classifier that is to filter", "shadenet apply -m $model -i before -o out", 2,
         "run/model.safetensors: tells the classes of pictures and makes none; use `shadenet classify`",
         "shadenet classify -m $model -i before"},
        {"nothing to classify", "classify", 2,
         "nothing to classify is given; give --input PATH, or --data DIR", "classify --data set"},
        {"pictures and data", "classify -i before --data set", 2, "--data and --input exclude each other",
         "classify -i before"},
        {"data that is to be sorted", "classify --data set --into out", 2,
         "--into is about files, and --data brings a set of pictures; give --input",
         "classify -i set/test -r --into out"},
        {"coarse classes of pictures", "classify -i before --coarse", 2,
         "--coarse is about CIFAR-100's data; give --data", "classify -i before"},
        {"links without a place", "classify -i before --link", 2,
         "--link is about pictures that are sorted; give --into DIR", "classify -i before --link --into out"},
        {"no such picture", "classify -i nowhere", 2, "nowhere: no such file or folder", ""},
        {"an empty name", "classify -i ''", 2, "--input is an empty name; name a file or a folder", ""},
        {"what is no picture", "echo hello >note.png; classify -i note.png", 2,
         "note.png: is a text, not a picture", ""},
        {"results among the pictures", "classify -i before --into before", 2,
         "before: lies in before, where the results go; choose another --output",
         "classify -i before --into out"},
        {"results that are there", "classify -i before --into out; classify -i before --into out", 2,
         "already there; --resume makes only what is missing", "classify -i before --into out --resume"},
        {"a table in no folder", "classify -i before --csv nowhere/t.csv", 2,
         "nowhere/t.csv: the table cannot be written: No such file or directory; choose another --csv",
         "mkdir nowhere; classify -i before --csv nowhere/t.csv"},
        {"a table in the place of a picture", "classify -i before --csv before/p0.png", 2,
         "before/p0.png: is the model's name or a picture's; choose another --csv",
         "classify -i before --csv t.csv"},
        {"one file for two things", "classify -i before --csv t.txt --summary ./t.txt", 2,
         "t.txt: is given as --csv and as --summary; choose two files",
         "classify -i before --csv t.csv --summary t.jsonl"},
        {"data without a test part", "classify --data set/train", 2,
         "set/train: has no test part; give data with one, or, of folders of pictures, --input set/train -r "
         "for "
         "the answers alone",
         "classify -i set/train -r"},
        {"data of other classes", "mv set/train/a set/train/c; mv set/test/a set/test/c; classify --data set",
         2, "set: has a class \"c\", which the model does not know",
         "mv set/train/c set/train/a; mv set/test/c set/test/a; classify --data set"},
        {"a classifier's checkpoint that is to filter",
         "shadenet apply -m run/checkpoint.safetensors -i before -o out", 2,
         "run/checkpoint.safetensors: tells the classes of pictures and makes none; use `shadenet classify`",
         "shadenet classify -m run/checkpoint.safetensors -i before"},
        {"a classifier that names no classes", R"(edit $model '"classes"' '"classez"'; classify -i before)",
         2,
         "run/model.safetensors: makes no pictures, and does not name its classes; take the run's "
         "model.safetensors",
         ""},
        {"such a classifier that is to filter",
         R"(edit $model '"classes"' '"classez"'; shadenet apply -m $model -i before -o out)", 2,
         "run/model.safetensors: makes no pictures, and does not name its classes", ""},
        {"classes of one name", R"(edit $model '\\"b\\"' '\\"a\\"'; classify -i before)", 2,
         "run/model.safetensors: its metadata 'classes' should be a list of names that can be told apart: "
         "the "
         "classes 0 and 1 have the name \"a\"; take the model from a backup",
         R"(edit $model '"a\\"\]' '"b\\"]'; classify -i before)"},
        {"a class with a line end in its name", "mv set/train/b \"$(printf 'set/train/n\\nl')\"; learn run2",
         2,
         "set/train/n\\nl: its name has a line end or another control character, and is to be that of a "
         "class; rename the folder",
         "mv set/train/n* set/train/b; learn run2"},
        {"a run whose class has another name",
         "mv set/train/b set/train/c; mv set/test/b set/test/c; learn run --resume --changed-data", 2,
         "run/checkpoint.safetensors: its class 1 is \"b\", and the data has \"c\" there; put the pictures "
         "back "
         "into the classes that the run was begun with, or train anew with another --output",
         "learn run2; mv set/train/c set/train/b; mv set/test/c set/test/b; learn run --resume"},
        {"a run whose classes have another order",
         "mv set/train/a set/train/z; mv set/test/a set/test/z; learn run --resume --changed-data", 2,
         "run/checkpoint.safetensors: its class 0 is \"a\", and the data has \"b\" there", "learn run2"},
        {"a run with a class more", "cp -r set/train/a set/train/c; learn run --resume --changed-data", 2,
         "run/checkpoint.safetensors: it has no class 2, and the data has \"c\" there",
         "rm -r set/train/c; learn run --resume"},
        {"a model of other classes to begin with",
         "mv set/train/b set/train/c; mv set/test/b set/test/c; learn run2 --init $model", 2,
         "run/model.safetensors: its class 1 is \"b\", and the data has \"c\" there; only a model of the "
         "same "
         "classes in the same order can be gone on with: leave out --init to train anew",
         "learn run2"},
        {"statistics that a classifier has not", "classify -i before --stats night", 2,
         "run/model.safetensors: holds no named statistics, and so none named \"night\"; make them with "
         "`shadenet adapt`",
         "shadenet adapt $model -i before --name night; classify -i before --stats night"},
        {"statistics of a network without norms",
         "learn run2 --norm none; shadenet classify -m run2/model.safetensors -i before --stats night", 2,
         "run2/model.safetensors: its network has no batch norm, and so no statistics; leave --stats out",
         "shadenet classify -m run2/model.safetensors -i before"},
        {"a size of a classifier's pictures", "shadenet stats $model -i before --size 8", 2,
         "run/model.safetensors: takes pictures of 6 x 6, which they become; leave --size out",
         "shadenet stats $model -i before"},
        {"statistics over other classes",
         "mv set/train/a set/train/c; rm -r set/test; shadenet stats $model -i set", 2,
         "set: has a class \"c\", which the model does not know; give the data that it has learned from",
         "shadenet stats $model -i set -r"},
        {"statistics over nothing", "mkdir empty; shadenet stats $model -i empty", 2,
         "empty: holds no labelled pictures: accepted are IDX files", "shadenet stats $model -i before"},
        {"statistics over what is no picture",
         "mkdir notes; echo hello >notes/a.png; shadenet stats $model -i notes", 2,
         "notes: holds no picture that can be read; give others", "shadenet stats $model -i before"},
        {"statistics of a classifier that names no classes",
         R"(edit $model '"classes"' '"classez"'; shadenet stats $model -i before)", 2,
         "run/model.safetensors: makes no pictures, and does not name its classes", ""},
        {"health of a classifier that names no classes",
         R"(edit $model '"classes"' '"classez"'; shadenet inspect $model --health -i before)", 2,
         "run/model.safetensors: makes no pictures, and does not name its classes", ""},
    };
    check_messages(messages, {R"(mkdir -p set/train/a set/train/b set/test/a set/test/b
for i in 1 2 3 4 5 6 7 8; do cp before/*0.png set/train/a/$i.png; cp after/*0.png set/train/b/$i.png; done
cp before/*1.png set/test/a; cp after/*1.png set/test/b
learn run)"});
}
