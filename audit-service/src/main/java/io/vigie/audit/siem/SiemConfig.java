package io.vigie.audit.siem;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Which SIEMs get the log. */
@ConfigMapping(prefix = "vigie.siem")
public interface SiemConfig {

  /** Whether topic {@value KafkaTarget#TOPIC} gets it. */
  @WithDefault("true")
  boolean kafka();

  /** Syslog receivers by name: lower-case letters, digits and hyphens. */
  Map<String, Syslog> syslog();

  /** A syslog receiver. */
  interface Syslog {

    /** {@code tcp://host:port}, or {@code tls://host:port}. */
    URI url();

    /**
     * PEM file of the certificates that vouch for it; those that Java trusts where it is absent.
     */
    Optional<Path> trust();
  }
}
