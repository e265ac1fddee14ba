// The dialog for another run.
#include "viewer/new_run.h"

#include "catch.h"
#include "temporary_folder.h"
#include "viewer/gui_session.h"
#include "viewer/viewer_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// The regions of the open dialog.
nlohmann::json dialog_of(const TrainOptions& options) {
    GuiSession gui({800, 600});
    NewRun dialog;
    Layout layout;
    dialog.open(options);
    for (int i = 0; i < 2; ++i) {  // the first finds the dialog's size
        layout.clear();
        gui.frame([&] { CHECK_FALSE(dialog.draw(layout)); });
    }
    return nlohmann::json::parse(layout.json({1, 1})).at("regions");
}

}  // namespace

TEST_CASE("another run on crops asks how many, one on labelled pictures where they are, and others neither") {
    TrainOptions options;
    options.output = "run";
    options.input = "before";
    options.target = "after";
    nlohmann::json regions = dialog_of(options);
    CHECK(regions.contains("new_run.begin"));
    CHECK_FALSE(regions.contains("new_run.crops"));
    CHECK_FALSE(regions.contains("new_run.data"));
    options.resize = false;
    options.size = 64;
    CHECK(dialog_of(options).contains("new_run.crops"));
    options.input = options.target = "";
    options.labelled = "digits";
    regions = dialog_of(options);
    CHECK(regions.contains("new_run.data"));
    CHECK_FALSE(regions.contains("new_run.crops"));
}

TEST_CASE("another run gets a folder that is free") {
    const TemporaryFolder folder;
    fs::create_directory(folder / "run");
    fs::create_directory(folder / "run-2");
    CHECK(free_folder(folder / "run") == folder / "run-3");
    CHECK(free_folder(folder / "run-2/") == folder / "run-3");
    CHECK(free_folder(folder / "red-blue") == folder / "red-blue-2");
}
