// Classifiers on the device, in batches.
#include <cstring>

#include "apply/classifier_stages.h"
#include "catch.h"
#include "labelled_set.h"
#include "model/network_text.h"
#include "shared_device.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Model conv_classifier() {
    Model model{parse_network("input 1x5x7, conv 6 3x3, norm, relu, conv 5 3x3, relu, dense 4", ""), {}};
    model.parameters = initial_parameters(model.network, 3);
    model.classes = {{"a", "b", "c", "d"}, 1, 5, 7, "centre", "luma"};
    return model;
}

/// The logits of all, of which up to `together` are begun before one is finished.
std::vector<Logits> answers(const Model& model, const LabelledPictures& set, std::uint32_t batch,
                            std::size_t together) {
    CarefulClassifier classifier(classifier_streams(Device::open(""), "", model), batch, {},
                                 [](const std::string& line) { FAIL(line); });
    std::vector<Levels> inputs;
    for (std::uint32_t i = 0; i < set.size(); ++i) {
        const auto levels = set.picture(i);
        inputs.emplace_back(levels.begin(), levels.end());
    }
    std::vector<Logits> logits;
    const auto finish = [&] {
        CarefulClassifier::Finished finished = classifier.finish_next();
        CHECK(finished.failure.empty());
        logits.push_back(std::move(finished.output));
    };
    for (const Levels& input : inputs) {
        classifier.begin(input);
        if (classifier.under_way() >= together) finish();
    }
    while (classifier.under_way() > 0) finish();
    return logits;
}

}  // namespace

TEST_CASE("no bit of a logit depends on the batch or on what is under way") {
    const Model model = conv_classifier();
    const LabelledPictures set = labelled_set(23, 5, 7, 4);
    const std::vector<Logits> alone = answers(model, set, 1, 1);
    REQUIRE(alone.size() == 23);
    CHECK(alone[0] != alone[1]);
    for (const auto& [batch, together] :
         {std::pair(8u, std::size_t{8}), std::pair(5u, std::size_t{11}), std::pair(64u, std::size_t{64})}) {
        CHECK(answers(model, set, batch, together) == alone);
    }
}
