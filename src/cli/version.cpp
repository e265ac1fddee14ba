#include "cli/version.h"

#include <vector>

#include <CLI/Version.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <google/protobuf/stubs/common.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>
#include <vulkan/vulkan.h>

#include "image/image_libraries.h"

namespace shadenet {

std::string version_text() {
    std::vector<std::string> libraries = image_libraries();
    for (const std::string& library :
         {fmt::format("fmt {}.{}.{}", FMT_VERSION / 10'000, FMT_VERSION / 100 % 100, FMT_VERSION % 100),
          fmt::format("spdlog {}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH),
          fmt::format("CLI11 {}", CLI11_VERSION),
          fmt::format("nlohmann-json {}.{}.{}", NLOHMANN_JSON_VERSION_MAJOR, NLOHMANN_JSON_VERSION_MINOR,
                      NLOHMANN_JSON_VERSION_PATCH),
          fmt::format("protobuf {}", google::protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION)),
          fmt::format("Vulkan headers {}.{}.{}", VK_API_VERSION_MAJOR(VK_HEADER_VERSION_COMPLETE),
                      VK_API_VERSION_MINOR(VK_HEADER_VERSION_COMPLETE),
                      VK_API_VERSION_PATCH(VK_HEADER_VERSION_COMPLETE))}) {
        libraries.push_back(library);
    }
    return fmt::format("shadenet {}\ncommit     {}\nlibraries  {}", SHADENET_VERSION, SHADENET_COMMIT,
                       fmt::join(libraries, ",\n           "));
}

}  // namespace shadenet
