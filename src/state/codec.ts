/** How a value is packed. `decode(encode(value))` equals the value; `decode` must not keep the buffer it is given. */
export interface Codec<Value> {
  encode(value: Value): Buffer;
  decode(bytes: Buffer): Value;
}
