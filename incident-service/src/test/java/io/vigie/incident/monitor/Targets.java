package io.vigie.incident.monitor;

/** What tests try. */
final class Targets {

  private Targets() {}

  static Target page(String url) {
    return page(url, null, null, null);
  }

  static Target page(String url, Integer status, String contains, Integer within) {
    return new Target(url, status, contains, null, null, within, null, null, null, null, null);
  }

  static Target port(String host, int port) {
    return new Target(null, null, null, host, port, null, null, null, null, null, null);
  }

  static Target job(String cron, String zone, Integer graceSeconds) {
    return new Target(null, null, null, null, null, null, null, null, cron, zone, graceSeconds);
  }

  static Target tls(String host, int port, Boolean web, Integer plainPort) {
    return new Target(null, null, null, host, port, null, web, plainPort, null, null, null);
  }
}
