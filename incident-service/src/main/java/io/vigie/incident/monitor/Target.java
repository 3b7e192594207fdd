package io.vigie.incident.monitor;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a monitor tries, and what it expects. Each type has its own fields; the others are null.
 *
 * @param url of HTTP: http or https, without credentials
 * @param status of HTTP: the expected one, 200 where null; redirects are followed unless one is
 *     expected
 * @param contains of HTTP: a text that the answer must contain, or null
 * @param host of TCP, EXPOSURE and TLS: a name or an address
 * @param withinMillis of HTTP and TCP: how long it may take, or null
 * @param web of TLS: false where no pages are there, so that nothing need be said of HSTS and plain
 *     HTTP need not redirect
 * @param plainPort of TLS: where plain HTTP is, 80 where null
 * @param cron of HEARTBEAT: when the job runs, in five fields as in crontab(5); null where it runs
 *     at the monitor's interval
 * @param zone of HEARTBEAT: the time zone of {@code cron}, UTC where null
 * @param graceSeconds of HEARTBEAT: how much later it may call
 */
@Schema(name = "MonitorTarget")
public record Target(
    @Size(min = 1, max = 1_000) String url,
    @Min(100) @Max(599) Integer status,
    @Size(min = 1, max = 200) String contains,
    @Size(max = 253) @Pattern(regexp = HOST) String host,
    @Min(1) @Max(65_535) Integer port,
    @Min(1) @Max(60_000) Integer withinMillis,
    Boolean web,
    @Min(1) @Max(65_535) Integer plainPort,
    @Size(min = 9, max = 100) String cron,
    @Size(min = 1, max = 60) String zone,
    @Min(1) @Max(604_800) Integer graceSeconds) {

  private static final String HOST =
      "[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*";

  /** The page at this address, or what is offered over TLS beside it. */
  static Target of(String url, MonitorType type) {
    return new Target(null, null, null, null, null, null, null, null, null, null, null)
        .at(url, type);
  }

  /** Where it was at one address, the same at another one; itself otherwise. */
  Target moved(String from, String to, MonitorType type) {
    return equals(at(from, type)) ? at(to, type) : this;
  }

  /** The same expectations at another address; itself where its type is at none. */
  private Target at(String url, MonitorType type) {
    if (type == MonitorType.HTTP) {
      return new Target(
          url,
          status,
          contains,
          host,
          port,
          withinMillis,
          web,
          plainPort,
          cron,
          zone,
          graceSeconds);
    }
    if (type != MonitorType.TLS || !isWeb(url)) {
      return this;
    }
    URI address = URI.create(url);
    boolean secure = HttpProbe.isSecure(address);
    int given = address.getPort();
    return new Target(
        null,
        null,
        null,
        HttpProbe.bare(address.getHost()),
        secure && given > 0 ? given : 443,
        null,
        web,
        secure || given < 0 ? null : (Integer) given,
        null,
        null,
        null);
  }

  /** What is wrong for a monitor of this type; empty where nothing is. */
  List<FieldError> errors(MonitorType type) {
    List<FieldError> errors = new ArrayList<>();
    fields()
        .forEach(
            (name, value) -> {
              if (value == null && type.needs(name)) {
                errors.add(new FieldError("target." + name, "is needed for a monitor " + type));
              } else if (value != null && !type.takes(name)) {
                errors.add(new FieldError("target." + name, "is not for a monitor " + type));
              }
            });
    if (url != null && type.takes("url") && !isWeb(url)) {
      errors.add(
          new FieldError("target.url", "must be an http or https address, without credentials"));
    }
    if (type == MonitorType.HEARTBEAT) {
      errors.addAll(JobSchedule.errors(this));
    }
    return errors;
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("url", url);
    fields.put("status", status);
    fields.put("contains", contains);
    fields.put("host", host);
    fields.put("port", port);
    fields.put("withinMillis", withinMillis);
    fields.put("web", web);
    fields.put("plainPort", plainPort);
    fields.put("cron", cron);
    fields.put("zone", zone);
    fields.put("graceSeconds", graceSeconds);
    return fields;
  }

  private static boolean isWeb(String url) {
    try {
      return isWeb(new URI(url));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Whether it is the address of a page. */
  static boolean isWeb(URI address) {
    return ("http".equalsIgnoreCase(address.getScheme())
            || "https".equalsIgnoreCase(address.getScheme()))
        && address.getHost() != null
        && address.getUserInfo() == null
        && address.getPort() <= 65_535
        && address.getPort() != 0;
  }

  /** The host that is connected to; null where none is. */
  String reached() {
    return url == null ? host : URI.create(url).getHost();
  }

  int expectedStatus() {
    return status == null ? 200 : status;
  }

  boolean hasPages() {
    return web == null || web;
  }

  int plainHttpPort() {
    return plainPort == null ? 80 : plainPort;
  }
}
