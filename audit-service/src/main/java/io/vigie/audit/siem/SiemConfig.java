package io.vigie.audit.siem;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which SIEMs get the log. */
@ConfigMapping(prefix = "vigie.siem")
interface SiemConfig {

  /** Whether topic {@value KafkaTarget#TOPIC} gets it. */
  @WithDefault("true")
  boolean kafka();
}
