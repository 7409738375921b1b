/** The compiled codec inside `opusscript`, below that package's own wrapper. */
declare module 'opusscript/build/opusscript_native_wasm.js' {
  interface Handler {
    /** Addresses of samples (one byte in each 16 bits), their bytes, address of the packet, samples. */
    _encode(samples: number, bytes: number, packet: number, frameSize: number): number
    _decode(packet: number, bytes: number, samples: number): number
    _encoder_ctl(request: number, value: number): number
    _decoder_ctl(request: number, value: number): number
  }
  interface Binding {
    /** Another array after the memory has grown. */
    readonly HEAPU8: Uint8Array
    readonly HEAPU16: Uint16Array
    readonly OpusScriptHandler: {
      new (rate: number, channels: number, application: number): Handler
      destroy_handler(handler: Handler): void
    }
    _malloc(bytes: number): number
  }
  const load: () => Binding
  export default load
}
