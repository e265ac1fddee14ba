#include "apply/picture_tree.h"

#include <sys/stat.h>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

std::string text_of(const std::vector<ListedPicture>& pictures) {
    std::string text;
    for (const ListedPicture& picture : pictures) {
        if (!text.empty()) text += ' ';
        text += picture.name.generic_string();
    }
    return text;
}

struct TreeScene {
    TreeScene() {
        fs::create_directories(folder / "sub/deep");
        fs::create_directory(folder / ".hidden");
        for (const char* name :
             {"b.png", "a.JPEG", "notes.txt", ".c.png", ".hidden/d.png", "sub/e.tga", "sub/deep/f.bmp"}) {
            write_file_atomically(folder / name, "");
        }
    }
    std::string names(bool recursive, const fs::path& except = {}) const {
        return text_of(list_pictures(folder.path(), recursive, except).pictures);
    }
    TemporaryFolder folder;
};

}  // namespace

TEST_CASE("pictures are listed by name, and hidden ones and other files are not") {
    const TreeScene scene;
    CHECK(scene.names(false) == "a.JPEG b.png");
    CHECK(scene.names(true) == "a.JPEG b.png sub/deep/f.bmp sub/e.tga");
    CHECK(scene.names(true, scene.folder / "sub/deep/../deep") == "a.JPEG b.png sub/e.tga");
    CHECK(scene.names(true, scene.folder / "nowhere") == scene.names(true));
}

TEST_CASE("links to folders are counted and not followed, so that none leads in circles") {
    const TreeScene scene;
    fs::create_directory_symlink(scene.folder.path(), scene.folder / "sub/circle");
    fs::create_directory_symlink("..", scene.folder / "sub/deep/up");
    const std::string before = "a.JPEG b.png sub/deep/f.bmp sub/e.tga";
    CHECK(scene.names(true) == before);
    CHECK(list_pictures(scene.folder.path(), true, {}).links == 2);
    CHECK(list_pictures(scene.folder.path(), false, {}).links == 0);
}

TEST_CASE("a link to a picture is a picture, and so is one that leads nowhere") {
    const TreeScene scene;
    fs::create_symlink("b.png", scene.folder / "link.png");
    fs::create_symlink("gone.png", scene.folder / "lost.png");
    fs::create_symlink("self.png", scene.folder / "self.png");
    REQUIRE(mkfifo((scene.folder / "pipe.png").c_str(), 0600) == 0);
    fs::create_directory(scene.folder / "folder.png");
    CHECK(scene.names(false) == "a.JPEG b.png link.png lost.png self.png");
}

TEST_CASE("what is no folder is refused") {
    const TreeScene scene;
    CHECK_THROWS_AS(list_pictures(scene.folder / "nowhere", true, {}), InputError);
    CHECK_THROWS_AS(list_pictures(scene.folder / "b.png", true, {}), InputError);
}

TEST_CASE("pictures of other formats are listed apart, and the rest is counted") {
    const TreeScene scene;
    for (const char* name : {"g.heic", "sub/h.GIF", ".i.heic"})
        write_file_atomically(scene.folder / name, "");
    const PictureTree tree = list_pictures(scene.folder.path(), true, {});
    CHECK(text_of(tree.foreign) == "g.heic sub/h.GIF");
    CHECK(tree.others == 1);
    CHECK(text_of(list_pictures(scene.folder.path(), false, {}).foreign) == "g.heic");
    CHECK(scene.names(true) == "a.JPEG b.png sub/deep/f.bmp sub/e.tga");
}

TEST_CASE("a folder of results is passed over below another, and not where it is asked for itself") {
    const TreeScene scene;
    mark_results(scene.folder / "sub");
    CHECK(scene.names(true) == "a.JPEG b.png");
    const PictureTree tree = list_pictures(scene.folder.path(), true, {});
    CHECK(tree.results == std::vector<fs::path>{scene.folder / "sub"});
    CHECK(text_of(list_pictures(scene.folder / "sub", true, {}).pictures) == "deep/f.bmp e.tga");
    CHECK(list_pictures(scene.folder.path(), true, scene.folder / "sub").results.empty());
}

TEST_CASE("what is named is listed as if it lay in one folder") {
    const TreeScene scene;
    write_file_atomically(scene.folder / "g.heic", "");
    fs::create_symlink("gone.png", scene.folder / "lost.png");
    std::vector<fs::path> paths;
    for (const char* name :
         {"sub/e.tga", "b.png", ".c.png", "notes.txt", "g.heic", "lost.png", "sub/deep/"}) {
        paths.push_back(scene.folder / name);
    }
    const PictureTree flat = list_named(paths, false, {});
    CHECK(text_of(flat.pictures) == ".c.png b.png deep/f.bmp e.tga lost.png");
    CHECK(text_of(flat.foreign) == "g.heic");
    CHECK(flat.others == 1);
    CHECK(text_of(list_named({scene.folder / "sub"}, false, {}).pictures) == "sub/e.tga");
    CHECK(text_of(list_named({scene.folder / "sub"}, true, {}).pictures) == "sub/deep/f.bmp sub/e.tga");
    CHECK(list_named(paths, true, scene.folder / "sub/deep").pictures.size() == 4);
    paths.push_back(scene.folder / "nowhere.png");
    CHECK(contains(message_of<InputError>([&] { list_named(paths, false, {}); }),
                   "nowhere.png: no such file or folder"));
}
