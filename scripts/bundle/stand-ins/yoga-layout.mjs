// yoga-layout without waiting: its own index awaits a fetch of its data: URL, which a CommonJS bundle cannot, and which loads
// Node's HTTP client.
import loadYoga from "yoga-layout/binary";
import wasm from "yoga-layout/wasm";
import wrapAssembly from "yoga-layout/wrap";

const library = {
  instantiateWasm(imports, receive) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), imports);
    receive(instance);
    return instance.exports;
  },
};
// Filled at once, because instantiateWasm is; the promise says nothing more.
loadYoga(library);

export default wrapAssembly(library);
export * from "yoga-layout/enums";
