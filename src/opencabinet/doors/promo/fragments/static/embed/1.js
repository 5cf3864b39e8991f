// Gives frames of OpenCabinet the height that they ask for. It listens to them alone, and keeps nothing.
const MOST = 20000;
const frames = () => document.querySelectorAll("iframe[data-opencabinet]");

addEventListener("message", ({ data, origin, source }) => {
  const height = Math.ceil(data?.height);
  if (!(height > 0 && height <= MOST)) return;
  for (const frame of frames()) {
    if (frame.contentWindow === source && new URL(frame.src).origin === origin) frame.height = height;
  }
});
for (const frame of frames()) frame.contentWindow?.postMessage("height?", "*");
