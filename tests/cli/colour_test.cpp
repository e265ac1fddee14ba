// Colour profiles from the pictures to the model and from there to the results, and runs whose pictures are
// others.
#include "catch.h"
#include "image/colour_profile.h"
#include "image/made_icc.h"
#include "model/model_file.h"
#include "pictures.h"

using namespace shadenet::test;
namespace fs = std::filesystem;

namespace {

void give_profile(const fs::path& path, const IccBytes& icc) {
    shadenet::FilePicture picture = shadenet::PictureReader(path).decode();
    picture.metadata.icc = icc;
    shadenet::write_picture(path, picture, {});
}

IccBytes profile_of(const fs::path& path) {
    return shadenet::PictureReader(path).decode().metadata.icc;
}

}  // namespace

TEST_CASE("colour profiles are told by train, inspect and apply, and results carry the targets'") {
    const Pictures pictures;
    const IccBytes wide = wide_profile("Wide"),
                   srgb = rgb_profile(description_tag("s"), srgb_primaries, srgb_curve_tag());
    for (const char* name : {"p0.png", "p1.png", "p2.png"}) {
        give_profile(pictures / "before" / name, wide);
        give_profile(pictures / "after" / name, srgb);
    }
    const Outcome trained = run_shadenet(pictures.train({"--epochs", "1"}));
    CHECK(trained.exit_code == 0);
    CHECK_THAT(trained.err, ContainsSubstring("3 pairs are in other colours before and after"));
    const std::string model = pictures.path("run/model.safetensors");
    CHECK_THAT(run_shadenet({"inspect", model}).out, ContainsSubstring("before          \"Wide\""));
    // Who rewrites a model keeps them.
    CHECK(run_shadenet({"stats", model, "--write", "--size", "0", "--input", pictures.path("before")})
              .exit_code == 0);

    const Outcome same =
        run_shadenet({"apply", "-m", model, "-i", pictures.path("before"), "-o", pictures.path("out")});
    CHECK(same.exit_code == 0);
    CHECK_THAT(same.err, !ContainsSubstring("colours"));
    CHECK(profile_of(pictures / "out/p1.png") == srgb);
    const Outcome other =
        run_shadenet({"apply", "-m", model, "-i", pictures.path("more"), "-o", pictures.path("out2")});
    CHECK(other.exit_code == 0);
    CHECK_THAT(other.err, ContainsSubstring("is in sRGB, and the model learned from pictures in \"Wide\""));
}

TEST_CASE("a run of other pictures goes on with --changed-data alone") {
    const Pictures pictures;
    CHECK(run_shadenet(pictures.train({"--epochs", "1"})).exit_code == 0);
    fs::rename(pictures / "before", pictures / "moved");
    const Arguments resume = {"train",    "--resume", "--no-tune", "--output", pictures.path("run"),
                              "--epochs", "2"};
    const auto resumed = [&](const Arguments& more) {
        Arguments all = resume;
        all.insert(all.end(), more.begin(), more.end());
        return run_shadenet(all);
    };
    const Outcome gone = resumed({});
    CHECK(gone.exit_code == 2);
    CHECK_THAT(gone.err,
               ContainsSubstring("before: no such folder; if the run's pictures were moved, give --input"));
    fs::copy(pictures / "moved/p0.png", pictures / "after/p0.png", fs::copy_options::overwrite_existing);
    const Outcome refused = resumed({"--input", pictures.path("moved")});
    CHECK(refused.exit_code == 2);
    CHECK_THAT(refused.err, ContainsSubstring("after/p0.png is another picture"));
    const Outcome taken = resumed({"--input", pictures.path("moved"), "--changed-data"});
    CHECK(taken.exit_code == 0);
    CHECK_THAT(taken.err, ContainsSubstring("from epoch 2 on the run has other pictures"));
}
