// What is done before the app can hear it reaches it in its order. NiceGUI's script lets each event ask
// for itself, every 10 ms, whether the app hears already; so a press overtook what had been typed before
// it, and made nothing of it. Where a socket greets as it opens, socket.io keeps what is said until then.
let isGreeted = false;
const greetsAsItOpens = () => Boolean(window.socket?.io?.opts.query?.implicit_handshake);

Object.defineProperty(window, "did_handshake", {
  get: () => isGreeted || greetsAsItOpens(),
  set: (value) => {
    isGreeted = value;
  },
});
