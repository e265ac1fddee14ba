// Messages about the files that the program has written itself: models, runs and studies.
#include "catch.h"
#include "messages.h"

using namespace shadenet::test;

TEST_CASE("messages about models, and their remedies") {
    const Message messages[] = {
        {"no such model", "shadenet inspect nowhere.safetensors", 2, "nowhere.safetensors: no such file", ""},
        {"a folder", "shadenet inspect before", 2, "before: is a folder; give the model.safetensors in it",
         ""},
        {"nothing", ": >made.safetensors; shadenet inspect made.safetensors", 2, "made.safetensors: ", ""},
        {"more than a model can be", "truncate -s 9G vast.safetensors; shadenet inspect vast.safetensors", 2,
         "vast.safetensors: has 9663676416 bytes, and at most ", ""},
        {"a picture", "shadenet inspect photo.jpg", 2, "photo.jpg: ", ""},
        {"text", "echo '<html></html>' >made.safetensors; shadenet inspect made.safetensors", 2,
         "made.safetensors: ", ""},
        {"half of a model",
         "head -c 900 made.safetensors >half.safetensors; shadenet inspect half.safetensors", 2,
         "half.safetensors: ", ""},
        {"a model and more", "echo more >>made.safetensors; shadenet inspect made.safetensors", 2,
         "the file is damaged", ""},
        {"a header that is no JSON",
         "edit made.safetensors '\"F32\",' '\"F32\";'; shadenet inspect made.safetensors", 2,
         "the file is damaged or no safetensors file", ""},
        {"numbers of a kind that is not read",
         "edit made.safetensors F32 X99; shadenet inspect made.safetensors", 2,
         "which is not read; save the model as float32", ""},
        {"a tensor of another shape",
         "edit made.safetensors '\\[2,3,1,1\\]' '[3,2,1,1]'; shadenet inspect made.safetensors", 2,
         "is [3,2,1,1], and the architecture needs [2,3,1,1]", ""},
        {"a tensor that is missing",
         "edit made.safetensors conv2.bias conv2.bios; shadenet inspect made.safetensors", 2,
         "has no tensor \"conv2.bias\", which its architecture needs", ""},
        {"metadata that makes no sense",
         "edit made.safetensors '\"hidden\":\"2\"' '\"hidden\":\"x\"'; shadenet inspect made.safetensors", 2,
         "its metadata 'hidden' is \"x\", and should be", ""},
        {"an even kernel",
         "edit made.safetensors '\"kernel\":\"1\"' '\"kernel\":\"4\"'; shadenet inspect made.safetensors", 2,
         "its metadata is refused: kernel is", ""},
        {"a norm that is not there",
         "edit plain.safetensors '\"norm\":\"none\"' '\"norm\":\"norm\"'; shadenet inspect plain.safetensors",
         2, "plain.safetensors: its metadata ", ""},
    };
    check_messages(messages);
}

#define GO_ON "shadenet train --resume --output done --epochs 2 --no-tune --quiet"

TEST_CASE("messages about runs, and their remedies") {
    const Message messages[] = {
        {"a run that is there", "shadenet train $pairs --output done $quick", 2,
         "done: holds a run already; go on with it by --resume, or give another --output",
         "shadenet train --resume --output done --no-tune --quiet; train"},
        {"a run into its own pictures", "shadenet train $pairs --output after $quick", 2,
         "after: has the pictures that the run is to read; give a new --output", "train"},
        {"no run to go on with", "shadenet train --resume --output more", 2,
         "more: holds no run to resume (there is no config.json); leave --resume out", "train"},
        {"another network", "shadenet train --resume --output done --hidden 2", 2,
         "the run was begun with hidden 1, and now it is 2; give the same options", GO_ON},
        {"fewer epochs than are done", GO_ON " >log; shadenet train --resume --output done --epochs 1", 2,
         "--epochs is 1, and the run in done has done 2; use 2 or more", GO_ON},
        {"an option in its configuration that is missing",
         "cp done/config.json .; sed -i s/epochs/epocs/ done/config.json; " GO_ON, 2,
         "done/config.json: is no configuration of a run: \"epochs\" is missing",
         "cp config.json done; " GO_ON},
        {"a configuration that is no JSON", "cp done/config.json .; echo '{' >done/config.json; " GO_ON, 2,
         "done/config.json: is no configuration of a run: it is no JSON from line ",
         "cp config.json done; " GO_ON},
        {"a history of another network", "sed -i 1s/epoch/epoc/ done/history.csv; " GO_ON, 2, "move it away",
         "mv done/history.csv .; " GO_ON},
        {"a damaged line of the history", "sed -i 2s/,/x/ done/history.csv; shadenet report done", 2,
         "done/history.csv: line 2 is damaged; remove it",
         "sed -i 2d done/history.csv; shadenet report done"},
        {"a damaged floor", "echo nothing >done/floor.json; " GO_ON, 2,
         "delete it, and `shadenet train --resume` makes it again", "rm done/floor.json; " GO_ON},
        {"no list of validations", "sed -i 1s/step/stop/ done/validation.csv; " GO_ON, 2, "move it away",
         "mv done/validation.csv .; " GO_ON},
        {"a damaged validation", "sed -i 2s/,/x/ done/validation.csv; shadenet report done", 2,
         "done/validation.csv: line 2 is damaged; remove it",
         "sed -i 2d done/validation.csv; shadenet report done"},
        {"a model in place of the checkpoint",
         "cp done/model.safetensors done/checkpoint.safetensors; " GO_ON, 2,
         "a run's checkpoint.safetensors is needed", ""},
        {"no checkpoint", "rm done/checkpoint.safetensors; " GO_ON, 2,
         "done/checkpoint.safetensors: is not there, and the run cannot go on without it; begin anew with "
         "another "
         "--output",
         "train"},
        {"a damaged checkpoint", "edit done/checkpoint.safetensors '\"step\":\"1\"' '\"step\":\"x\"'; " GO_ON,
         2, "its metadata 'step' is no number from 0 up", ""},
        {"a checkpoint of other random numbers",
         "edit done/checkpoint.safetensors '\"seed\":\"0\"' '\"seed\":\"1\"'; " GO_ON, 2,
         "was written with seed 1, and this run has 0; give the same options as before", ""},
        {"a checkpoint of other counts",
         "edit done/checkpoint.safetensors '\"epoch\":\"1\"' '\"epoch\":\"7\"'; " GO_ON, 2,
         "is damaged: its counts of steps, epochs or optimizer values do not agree", ""},
        {"a checkpoint without a tensor", "edit done/checkpoint.safetensors conv2.bias conv2.bios; " GO_ON, 2,
         "has no tensor \"conv2.bias\"", ""},
        {"a page of no run", "shadenet report before", 2,
         "before: holds no run; give the --output of a `shadenet train`", "shadenet report done"},
        {"a health check that is none", "echo nothing >done/health.json; shadenet report done", 2,
         "delete it, the next `shadenet train --resume` of the run makes another",
         "rm done/health.json; shadenet train --resume --output done --no-tune --quiet; shadenet report "
         "done"},
        {"results that nothing is said of", "echo nothing >done/quality.json; shadenet report done", 2,
         "does not tell how good a filter is; delete it, the next `shadenet train --resume` of the run makes "
         "another",
         "rm done/quality.json; shadenet train --resume --output done --no-tune --quiet; shadenet report "
         "done"},
    };
    check_messages(messages,
                   {"train --validation-input before --validation-target after --validate-every 1 && "
                    "mv run done"});
}

TEST_CASE("messages about studies, and their remedies") {
    const Message messages[] = {
        {"a study that is there", "shadenet study $pairs --output studied $quick --repeat 2", 2,
         "studied: holds a study already; go on with it by --resume, or give another --output",
         "shadenet study --resume --output studied --no-tune --quiet"},
        {"a run that is there",
         "shadenet study $pairs --output studied/$(ls studied | grep seed | head -1) $quick --repeat 2", 2,
         "holds a run already; give another --output", ""},
        {"no study to go on with", "shadenet study --resume --output more", 2,
         "more: holds no study (there is no study.json); leave --resume out to begin one", ""},
        {"a study that is no JSON",
         "cp studied/study.json .; echo '{' >studied/study.json; shadenet study --resume --output studied", 2,
         "studied/study.json: is no study: it is no JSON from line ", "cp study.json studied"},
        {"fewer repeats than there are", "shadenet study --resume --output studied --repeat 1", 2,
         "--repeat is 1, and the study has 2 already; use 2 or more",
         "shadenet study --resume --output studied --repeat 2 --no-tune --quiet"},
        {"a study of another program",
         "sed -i 's/\"format\": \"/&x/' studied/study.json; shadenet study --resume --output studied", 2,
         "studied/study.json: is no study: it is of another format", ""},
    };
    check_messages(messages, {"shadenet study $pairs --output studied $quick --repeat 2"});
}
