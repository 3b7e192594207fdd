package io.vigie.incident;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far what is known may be shared: the labels of FIRST's TLP 2.0, never translated. */
public enum Tlp {
  RED,
  @JsonProperty("AMBER+STRICT")
  AMBER_STRICT,
  AMBER,
  GREEN,
  CLEAR
}
