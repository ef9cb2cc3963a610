// Whoever was signed out elsewhere sees the entrance, not an app that seems not to answer.
window.addEventListener("load", () => {
  window.socket?.on("connect_error", async () => {
    const answer = await fetch(`${window.path_prefix}/api/health`).catch(() => null);
    if (answer?.status === 401) window.location.reload();
  });
});
