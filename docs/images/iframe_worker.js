/* Lets the search work where pages are opened from the disk: browsers start no worker there, so a hidden frame does its work. */
"use strict";
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      this.onmessage = null;
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      this.inner = frame.contentWindow;
      this.inner.postMessage = (data) => setTimeout(() => {
        const event = new MessageEvent("message", { data });
        this.dispatchEvent(event);
        if (this.onmessage) this.onmessage(event);
      });
      this.inner.importScripts = (...urls) => urls.reduce((before, one) => before.then(() => this.load(one)), Promise.resolve());
      this.ready = this.load(url);
    }
    load(url) {
      return new Promise((done, failed) => {
        const script = this.inner.document.createElement("script");
        script.onload = () => done();
        script.onerror = failed;
        script.src = new URL(url, location.href).href;
        this.inner.document.body.append(script);
      });
    }
    postMessage(data) {
      this.ready.then(() => {
        const event = new MessageEvent("message", { data });
        this.inner.dispatchEvent(event);
        if (typeof this.inner.onmessage === "function") this.inner.onmessage(event);
      });
    }
    terminate() {
      this.inner.frameElement.remove();
    }
  };
}
