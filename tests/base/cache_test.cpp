// The user's cache folder.
#include "base/cache.h"

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "catch.h"
#include "file_tools.h"
#include "temporary_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

using namespace test;

#ifdef __linux__

namespace {

/// A variable of the environment, as it was again in the end.
class KeptVariable {
  public:
    explicit KeptVariable(const char* name) : name_(name) {
        const char* before = std::getenv(name);
        if (before != nullptr) before_ = before;
    }
    ~KeptVariable() { before_.empty() ? unsetenv(name_) : setenv(name_, before_.c_str(), 1); }

  private:
    const char* name_;
    std::string before_;
};

}  // namespace

TEST_CASE("the cache folder follows its variables") {
    const KeptVariable kept("XDG_CACHE_HOME");
    setenv("XDG_CACHE_HOME", "/some/where", 1);
    CHECK(cache_folder() == fs::path("/some/where/shadenet"));
    setenv("XDG_CACHE_HOME", "", 1);
    const char* home = std::getenv("HOME");
    CHECK(cache_folder() == (home == nullptr ? fs::path() : fs::path(home) / ".cache/shadenet"));
}

TEST_CASE("a cache that cannot be written is said once, and is no error") {
    const KeptVariable kept("XDG_CACHE_HOME");
    const TemporaryFolder folder;
    std::ostringstream text;
    const auto before = spdlog::default_logger();
    const auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
    setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
    CHECK(keep_in_cache("a", bytes_of("kept")));
    CHECK(text_of(folder / "shadenet" / "a") == "kept");
    CHECK(text.str().empty());
    setenv("XDG_CACHE_HOME", (folder / "shadenet" / "a").c_str(), 1);
    for (int turn = 0; turn < 3; ++turn) CHECK_FALSE(keep_in_cache("b", bytes_of("kept")));
    spdlog::set_default_logger(before);
    const std::string said = text.str();
    CHECK_THAT(said, ContainsSubstring("a/shadenet") && ContainsSubstring("nothing is kept") &&
                         ContainsSubstring("point XDG_CACHE_HOME to a folder that can be written"));
    CHECK(std::count(said.begin(), said.end(), '\n') == 1);
}

#endif

}  // namespace shadenet
