/* Search in a site that is opened from a disk: browsers start no Worker there, so its script runs in a hidden frame. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      frame.title = "search";
      const script = document.createElement("script");
      script.src = String(new URL(address, location.href));
      this.ready = new Promise((done) => {
        frame.addEventListener("load", () => {
          const inside = frame.contentWindow;
          inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
          inside.importScripts = (...addresses) => Promise.all(addresses.map((one) => load(inside.document, one)));
          script.addEventListener("load", () => done(inside));
          inside.document.body.append(script);
        }, { once: true });
      });
      document.documentElement.append(frame);
      function load(page, one) {
        return new Promise((done, failed) => {
          const more = page.createElement("script");
          more.src = String(new URL(one, address));
          more.addEventListener("load", done);
          more.addEventListener("error", failed);
          page.body.append(more);
        });
      }
    }

    postMessage(data) {
      this.ready.then((inside) => inside.dispatchEvent(new inside.MessageEvent("message", { data })));
    }

    terminate() {}
  };
}
