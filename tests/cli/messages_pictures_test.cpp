// Messages about pictures, folders of them, and places for results.
#include "catch.h"
#include "messages.h"

using namespace shadenet::test;

TEST_CASE("messages about the pictures of train, and their remedies") {
    const Message messages[] = {
        {"no such folder", "mv before photos; train", 2, "before: no such folder", "mv photos before; train"},
        {"a file in place of a folder", "shadenet train --input photo.jpg --target after --output run", 2,
         "photo.jpg: is not a folder", ""},
        {"an empty folder", "rm before/*; train", 2, "before: holds no picture (.png,",
         "cp after/* before; train"},
        {"two pictures of one name", "cp before/p0.png before/p0.bmp; train", 2,
         "two files named \"p0\"; rename one", "rm before/p0.bmp; train"},
        {"a picture without a partner", "cp before/p0.png before/lonely.png; train", 2, "lonely",
         "rm before/lonely.png; train"},
        {"pictures of two sizes", "for i in before after; do cp more/wide.png $i/p0.png; done; train", 2,
         "or give a --size above 0",
         "shadenet train $pairs --output run --size 16 --hidden 2 --kernel 1 --norm none --epochs 1 "
         "--no-tune "
         "--optimizer sgd --no-residual --quiet"},
        {"crops of two pictures of two sizes",
         "cp more/wide.png before/p0.png; shadenet train $pairs --output run --resize=false --size 8", 2,
         "; the two of a pair need one size: resize one of them, or give --resize with a --size above 0",
         "shadenet train $pairs --output run --resize --size 16 --hidden 2 --kernel 1 --norm none --epochs 1 "
         "--no-tune --optimizer sgd --no-residual --quiet"},
        {"an empty file", ": >before/p0.png; train", 2, "before/p0.png: is empty",
         "cp after/p0.png before; train"},
        {"half of a picture", "head -c 90 after/p0.png >before/p0.png; train", 2,
         "before/p0.png: is truncated; copy it again", ""},
        {"a damaged picture", "edit before/p0.png IDAT IDOT; train", 2, "before/p0.png: is damaged (", ""},
        {"what is no picture", "echo hello >before/p0.png; train", 2,
         "before/p0.png: is a text, not a picture; give a PNG, JPEG, BMP, TGA, TIFF or WebP", ""},
        {"no pictures to test on", "train --test nowhere", 2, "nowhere: no such file or folder",
         "train --test more"},
        {"a run below a file", "shadenet train $pairs --output photo.jpg/run $quick", 2,
         "cannot be used as --output: ", "train"},
        {"numbers that grow out of float32", "train --lr 1e30 --no-solve", 1,
         "; try a smaller --lr, with another --output", "shadenet train $pairs --output other $quick"},
        {"a place for no files", "shadenet train $pairs --output /proc/run $quick", 2,
         "cannot be used as --output: ", ""},
        {"a name that no configuration holds",
         "name=$(printf 'ph\\351tos'); mv before \"$name\"; shadenet train --input \"$name\" --target after "
         "--output run $quick",
         2, "not UTF-8; rename the folder or file", "mv ph*tos before; train"},
        {"no model to begin with", "train --init nowhere.safetensors", 2, "nowhere.safetensors: no such file",
         ""},
        {"a model of another form to begin with", "train --init plain.safetensors", 2,
         "give the same options as for that model",
         "shadenet train $pairs --output run --size 0 --hidden 2 --kernel 1 --norm none --epochs 1 --no-tune "
         "--optimizer sgd --quiet --activation none --padding zero --init plain.safetensors"},
        {"a loss that is no number any more",
         "shadenet train $pairs --output run $small --epochs 3 --lr 1e30 --quiet", 1,
         "the loss is no longer a number", "rm -r run; train --lr 0.1"},
    };
    check_messages(messages);
}

TEST_CASE("messages about the pairs of check, and their remedies") {
    const Message messages[] = {
        {"no such folder", "shadenet check -i nowhere --target after", 2, "nowhere: no such folder",
         "shadenet check $pairs"},
        {"a picture without a partner", "rm after/p1.png; shadenet check $pairs", 2,
         "before/p1.png: has no partner named \"p1\" in after", "rm before/p1.png; shadenet check $pairs"},
        {"a page in place of a picture", "shadenet check $pairs --html photo.jpg", 2,
         "photo.jpg: is there already; choose another --html", "shadenet check $pairs --html pairs.html"},
        {"a page that is there",
         "shadenet check $pairs --html pairs.html; shadenet check $pairs --html pairs.html", 2,
         "pairs.html: is there already; --overwrite replaces it",
         "shadenet check $pairs --html pairs.html --overwrite"},
        {"what is no page replaced by one", "shadenet check $pairs --html photo.jpg --overwrite", 2,
         "photo.jpg: is there already, and is no page; choose another --html",
         "shadenet check $pairs --html pairs.html --overwrite"},
        {"no page to replace", "shadenet check $pairs --overwrite", 2,
         "--overwrite is for the page of --html; give --html too",
         "shadenet check $pairs --html pairs.html --overwrite"},
        {"a page where no file can be", "shadenet check $pairs --html /proc/pairs.html", 2,
         "/proc/pairs.html: cannot be written: ", "shadenet check $pairs --html /dev/null"},
        {"a page in no folder", "shadenet check $pairs --html nowhere/pairs.html", 2,
         "make the folder nowhere first", "mkdir nowhere; shadenet check $pairs --html nowhere/pairs.html"},
        {"a network that is none", "shadenet check $pairs --network luck", 2, "luck",
         "shadenet check $pairs --network dncnn"},
        {"a network that is no filter", "shadenet check $pairs --network mlp", 2,
         "--network takes 1 channels; a filter takes 3", "shadenet check $pairs"},
    };
    check_messages(messages);
}

TEST_CASE("messages about the pictures of apply, and their remedies") {
    const Message messages[] = {
        {"no such picture", "apply -i nowhere -o out", 2, "nowhere: no such file or folder", ""},
        {"a folder into itself", "apply -i more -o more", 2, "choose another --output",
         "apply -i more -o out"},
        {"a picture over itself", "apply -i photo.jpg -o photo.jpg", 2,
         "the result would overwrite the picture; choose another --output", ""},
        {"a folder below a file", "apply -i more -o photo.jpg/out", 2, "is a file; choose another --output",
         ""},
        {"a folder that cannot be made", "apply -i more -o /proc/out/put", 2,
         "the folder cannot be made: ", ""},
        {"two results of one name", "cp more/wide.png more/wide.bmp; apply -i more -o out --format png", 2,
         "rename one, or use --format same", "apply -i more -o out --format same"},
        {"a result of no kind", "apply -i photo.jpg -o out.gif", 2, "give --output one of these endings",
         "apply -i photo.jpg -o out.jpg"},
        {"a result of two kinds", "apply -i photo.jpg -o out.png --format jpg", 2,
         "out.png: does not end as --format jpg asks; leave --format out", "apply -i photo.jpg -o out.png"},
        {"a result in no folder", "apply -i photo.jpg -o nowhere/out.jpg", 2,
         "there is no folder nowhere; make it first", "mkdir nowhere; apply -i photo.jpg -o nowhere/out.jpg"},
        {"a place for several pictures that is called like one", "apply -i before/*.png -o out.png", 2,
         "give --output another name, or a / in the end", "apply -i before/*.png -o out.png/"},
        {"pictures of kinds that are not read", "mkdir raw; mv photo.jpg raw/photo.cr2; apply -i raw -o out",
         1, "raw: holds no picture", ""},
        {"a picture of no kind", "mv photo.jpg photo; apply -i photo -o out/", 2,
         "give --format png, jpg, tif or webp", "apply -i photo -o out/ --format png"},
        {"pictures further down", "mkdir empty; mv more empty; apply -i empty -o out", 2,
         "empty: holds no picture (.png, .jpg, .jpeg, .bmp, .tga, .tif, .tiff or .webp)",
         "apply -i empty -o out -r"},
        {"results that are there", "apply -i more -o out && apply -i more -o out", 2,
         "out/wide.png is already there; --resume makes only", "apply -i more -o out --resume"},
        {"results that are there, once more", "apply -i more -o out && apply -i more -o out", 2,
         "--overwrite makes all anew", "apply -i more -o out --overwrite"},
        {"a summary over a picture", "apply -i more -o out --summary more/wide.png", 2,
         "choose another --summary", "apply -i more -o out --summary out.jsonl"},
        {"a summary in no folder", "apply -i more -o out --summary nowhere/out.jsonl", 2,
         "choose another --summary", ""},
        {"a summary without room", "apply -i more -o out --summary /dev/full", 1,
         "/dev/full: the summary cannot", ""},
        {"what is no picture", "apply -i plain.safetensors -o out.png", 2,
         "plain.safetensors: is a safetensors file, not a picture; give a PNG, JPEG, BMP, TGA, TIFF or WebP",
         ""},
        {"one bad picture of many", ": >before/p1.png; apply -i before -o out", 1, "before/p1.png: is empty",
         "cp after/p1.png before; apply -i before -o out --resume"},
        {"a JPEG that cannot be transparent", "apply -i alpha.png -o out.jpg", 1,
         "partly transparent, which a JPEG cannot be; choose PNG", "apply -i alpha.png -o out.png"},
        {"a JPEG that cannot be so wide", "apply -i strip.png -o out.jpg", 1, "are too many for a ",
         "apply -i strip.png -o out.png"},
        {"statistics of no norm", "shadenet apply -m plain.safetensors -i more -o out --stats night", 2,
         "leave --stats out", "shadenet apply -m plain.safetensors -i more -o out --quiet"},
        {"statistics of no name", "apply -i more -o out --stats night", 2, "make them with `shadenet adapt`",
         "shadenet adapt made.safetensors -i more -n night; apply -i more -o out --stats night"},
        {"statistics of another name",
         "shadenet adapt made.safetensors -i more -n day >out.txt; apply -i more -o out --stats night", 2,
         "holds no statistics named \"night\"; there are: day", "apply -i more -o out --stats day"},
    };
    check_messages(messages);
}

TEST_CASE("messages about what is measured, and their remedies") {
    const Message messages[] = {
        {"no such pictures", "shadenet stats made.safetensors -i nowhere", 2,
         "nowhere: no such file or folder", ""},
        {"pictures further down", "mkdir empty; mv more empty; shadenet stats made.safetensors -i empty", 2,
         "-r looks into the folders below it too", "shadenet stats made.safetensors -i empty -r"},
        {"no picture at all", "rm more/*; shadenet stats made.safetensors -i more -r", 2,
         "more: holds no picture", ""},
        {"no picture that can be read", ": >more/wide.png; shadenet stats made.safetensors -i more", 1,
         "none of the 1 pictures can be read, more/wide.png being the first; give others",
         "shadenet stats made.safetensors -i before"},
        {"statistics of no norm", "shadenet stats plain.safetensors -i more", 2,
         "train one with --norm before or after", ""},
        {"a model in the way", "shadenet adapt made.safetensors -i more -n a -o plain.safetensors", 2,
         "choose another --output, or leave it out", "shadenet adapt made.safetensors -i more -n a"},
        {"a model in no folder", "shadenet adapt made.safetensors -i more -n a -o nowhere/a.safetensors", 2,
         "make the folder nowhere first",
         "mkdir nowhere; shadenet adapt made.safetensors -i more -n a -o nowhere/a.safetensors"},
        {"a model where no file can be",
         "shadenet adapt made.safetensors -i more -n a -o /proc/a.safetensors", 2,
         "give an --output in another", ""},
        {"a model of another program",
         "edit made.safetensors '\"hidden\"' '\"hiddem\"'; edit made.safetensors '\"network\"' "
         "'\"networc\"'; "
         "shadenet adapt made.safetensors -i more -n a",
         2, "whose names would be lost; give --output",
         "shadenet adapt made.safetensors -i more -n a -o a.safetensors"},
        {"pictures to time that are not there", "shadenet bench --pictures nowhere", 2,
         "nowhere: no such file or folder", "shadenet bench --pictures more --runs 1"},
        {"no recorded runs", "shadenet doctor --golden before", 2,
         "before: holds no golden run; give a folder of .safetensors files as in tests/golden", ""},
        {"no folder of them", "shadenet doctor --golden nowhere", 2, "nowhere: cannot read the folder: ", ""},
        {"models that are no recorded runs", "shadenet doctor --golden .", 2, "it is not a golden run", ""},
    };
    check_messages(messages);
}
