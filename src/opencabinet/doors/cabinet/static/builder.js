// Gives the frames of the builder the height that they ask for; they are in a sandbox, so it is their window that counts.
const MOST = 20_000;
addEventListener("message", ({ data, origin, source }) => {
  const height = data?.opencabinet === "height" ? data.height : null;
  if (origin !== "null" || !Number.isInteger(height) || height <= 0 || height > MOST) return;
  for (const frame of document.querySelectorAll("iframe[data-opencabinet]")) {
    if (frame.contentWindow === source && frame.height !== String(height)) frame.height = height;
  }
});
