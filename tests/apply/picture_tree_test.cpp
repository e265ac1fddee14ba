#include "apply/picture_tree.h"

#include <sys/stat.h>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

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
        std::string text;
        for (const fs::path& name : list_pictures(folder.path(), recursive, except).names) {
            if (!text.empty()) text += ' ';
            text += name.generic_string();
        }
        return text;
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
