// Dear ImGui with its two backends and its font. Only this file and its .cpp know the differences of its
// versions.
#pragma once

#include <memory>
#include <optional>

#include <imgui.h>

#include "gpu/device.h"
#include "gpu/pipeline_parts.h"
#include "viewer/key_queue.h"

struct GLFWwindow;

namespace shadenet {

/// At most one in a process. The device and the window must outlive it; all frames must be done at its end.
class ImguiSession {
  public:
    ImguiSession(GLFWwindow* window, const Device& device, VkRenderPass render_pass);

    /// Sets font and sizes for a screen where things have `content_scale` times as many pixels as usual. One
    /// unit of Dear ImGui has `pixels_per_unit` pixels. All frames must be done. Does nothing if fits().
    void set_scale(float content_scale, float pixels_per_unit);
    bool fits(float content_scale, float pixels_per_unit) const;

    void begin_frame();
    /// Ends a frame after an error, whatever was begun in it.
    void abandon_frame();
    /// Draws the result of ImGui::Render().
    void draw(VkCommandBuffer commands);

  private:
    struct Context {
        Context();
        ~Context() { ImGui::DestroyContext(); }
    };
    struct GlfwBackend {
        explicit GlfwBackend(GLFWwindow* window);
        ~GlfwBackend();
        void begin_frame();

#if IMGUI_VERSION_NUM < 18700
      private:
        static void on_key(GLFWwindow* window, int key, int scancode, int action, int mods);
        static inline GlfwBackend* only_ = nullptr;  ///< GLFW gives no other way from a window to us
        KeyQueue keys_;
#endif
    };
    struct VulkanBackend {
        VulkanBackend(const Device& device, VkRenderPass render_pass, VkDescriptorPool pool);
        ~VulkanBackend();
    };
    struct Scale {
        float content, per_unit;
        bool operator==(const Scale&) const = default;
    };

    const Device& device_;
    VkRenderPass render_pass_;
    Context context_;
    GlfwBackend glfw_;
    DescriptorPool descriptors_;             ///< of textures; Dear ImGui allocates and frees them itself
    std::unique_ptr<VulkanBackend> vulkan_;  ///< replaced with every new font
    std::optional<Scale> scale_;
};

}  // namespace shadenet
