#include "shared_device.h"

#include <utility>
#include <vector>

#define CATCH_CONFIG_EXTERNAL_INTERFACES  // version 2 shows its listeners only then
#include "catch.h"

namespace shadenet {

namespace {

#if __has_include(<catch2/catch_all.hpp>)
using CatchListener = Catch::EventListenerBase;
#else
using CatchListener = Catch::TestEventListenerBase;
#endif

std::vector<std::unique_ptr<Device>> kept;

class Closer : public CatchListener {
  public:
    using CatchListener::CatchListener;
    void testRunEnded(const Catch::TestRunStats&) override { kept.clear(); }
};
CATCH_REGISTER_LISTENER(Closer)

}  // namespace

const Device& kept_until_tests_end(std::unique_ptr<Device> device) {
    kept.push_back(std::move(device));
    return *kept.back();
}

}  // namespace shadenet
