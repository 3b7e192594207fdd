package io.vigie.console.page;

import java.text.NumberFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ResourceBundle.Control;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vigie.console.service.AuditService.Text;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who looks at the page, and how they like it. Templates have it as {@code inject:viewer}. */
@Named("viewer")
@RequestScoped
public class Viewer {

  /** The languages that there are; the first is for who asks for none of them. */
  static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.FRENCH);

  /** The colours that somebody can choose; without a choice they are those of their system. */
  static final List<String> THEMES = List.of("light", "dark");

  static final String LANGUAGE = "vigie-language";
  static final String THEME = "vigie-theme";

  /** Not in the language of this machine where the one that is asked for has no file. */
  private static final Control EXACT = Control.getNoFallbackControl(Control.FORMAT_PROPERTIES);

  private final HttpServerRequest request;
  private final SecurityIdentity identity;
  private final ZoneId zone;

  /** As audit-service told. */
  private boolean isHeldToAudits;

  /** As {@link #region()} found it; null until it is asked. */
  private Locale region;

  Viewer(
      HttpServerRequest request,
      SecurityIdentity identity,
      @ConfigProperty(name = "vigie.console.zone") ZoneId zone) {
    this.request = request;
    this.identity = identity;
    this.zone = zone;
  }

  /** For a page that only people who signed in see. */
  public String name() {
    return identity.getPrincipal() instanceof JsonWebToken token && token.getClaim("name") != null
        ? token.getClaim("name")
        : identity.getPrincipal().getName();
  }

  /** For a page that only people who signed in see. */
  public boolean seesControls() {
    return seesAudits();
  }

  /** For a page that only people who signed in see. */
  public boolean seesDashboards() {
    return seesHouse() || identity.hasRole(Roles.SYSADMIN);
  }

  /** The language that was chosen, or the first that the browser asks for and that there is. */
  public Locale language() {
    String chosen = cookie(LANGUAGE);
    String accepted = request.getHeader("Accept-Language");
    Locale known = chosen == null ? null : Locale.lookup(ranges(chosen), LANGUAGES);
    if (known == null && accepted != null) {
      known = Locale.lookup(ranges(accepted), LANGUAGES);
    }
    return known == null ? LANGUAGES.get(0) : known;
  }

  /**
   * The language of the page as the viewer's region writes days and numbers in it, which their
   * browser may name beside it.
   */
  private Locale region() {
    if (region == null) {
      Locale language = language();
      String accepted = request.getHeader("Accept-Language");
      region =
          (accepted == null ? List.<Locale.LanguageRange>of() : ranges(accepted))
              .stream()
                  .map(range -> Locale.forLanguageTag(range.getRange()))
                  .filter(asked -> asked.getLanguage().equals(language.getLanguage()))
                  .findFirst()
                  .map(
                      asked ->
                          new Locale.Builder()
                              .setLocale(language)
                              .setRegion(asked.getCountry())
                              .build())
                  .orElse(language);
    }
    return region;
  }

  private static List<Locale.LanguageRange> ranges(String languages) {
    try {
      return Locale.LanguageRange.parse(languages);
    } catch (RuntimeException e) {
      // Of what is no list of languages, some makes the parser fail in other ways.
      return List.of();
    }
  }

  /** The colours that were chosen; null for those of the system. */
  public String theme() {
    String chosen = cookie(THEME);
    return chosen != null && THEMES.contains(chosen) ? chosen : null;
  }

  private String cookie(String name) {
    Cookie cookie = request.getCookie(name);
    return cookie == null ? null : cookie.getValue();
  }

  /** The present page's path. */
  public String path() {
    return request.path();
  }

  /** Whether it is on this page, or on one below it. */
  public boolean isAt(String section) {
    return path().equals(section) || path().startsWith(section + "/");
  }

  /** Whether its address has this parameter, with a value or without. */
  public boolean asksFor(String parameter) {
    return request.params().contains(parameter);
  }

  public String text(Text text) {
    return text.in(language());
  }

  /**
   * People's words for a kind of object, from {@code words/kinds*.properties}; the kind itself
   * where nobody wrote any.
   */
  public String kind(String kind) {
    String words = words("words.kinds", kind);
    return words == null ? kind : words;
  }

  /**
   * People's words for what an event of this type says, whatever its version, from {@code
   * words/events*.properties}; null where nobody wrote any, as for a record that is no event.
   */
  public String event(String type) {
    return type == null ? null : words("words.events", type.replaceFirst("\\.v[0-9]+$", ""));
  }

  /**
   * What a service's refusal with this code comes to, from {@code words/problems*.properties}; null
   * in English, which services speak, and where nobody wrote it.
   */
  public String problem(String code) {
    return words("words.problems", code);
  }

  /**
   * People's words for a field that a service names by its path, from {@code
   * words/registers*.properties}; the path where nobody wrote any, or it is inside one of several.
   */
  public String field(String path) {
    String words = words("words.registers", "field." + path.replaceAll("\\[(\\d+)]", ".$1"));
    if (words == null && path.indexOf('[') < 0) {
      words = words("words.registers", "field." + path.substring(path.lastIndexOf('.') + 1));
    }
    return words == null ? path : words;
  }

  /**
   * People's words for those who have a role, from {@code words/roles*.properties}; the role itself
   * where nobody wrote any.
   */
  public String role(String role) {
    String words = words("words.roles", role);
    return words == null ? role : words;
  }

  private String words(String bundle, String key) {
    ResourceBundle words = ResourceBundle.getBundle(bundle, language(), EXACT);
    return words.containsKey(key) ? words.getString(key) : null;
  }

  /** A time as people here write it, to the minute. */
  public String time(Instant time) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
        .withLocale(region())
        .format(time.atZone(zone));
  }

  /** A time as forms have it: by the clock on the wall here, as {@code 2026-01-31T17:05}. */
  public String local(Instant time) {
    return time.atZone(zone).toLocalDateTime().toString();
  }

  /** A number as people here write it. */
  public String number(long number) {
    return String.format(region(), "%,d", number);
  }

  /** An amount as people here write it, with two decimals at most. */
  public String decimal(Double amount) {
    NumberFormat format = NumberFormat.getNumberInstance(region());
    format.setMaximumFractionDigits(2);
    return format.format(amount);
  }

  /** A day as people here write it. */
  public String date(LocalDate day) {
    return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM).withLocale(region()).format(day);
  }

  /** The clock on the wall here. */
  public ZoneId zone() {
    return zone;
  }

  /** For a page that only people who signed in see. */
  public boolean seesTrace() {
    return seesAudits();
  }

  /** A time as people here write it, to the second. */
  public String moment(Instant time) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.MEDIUM)
        .withLocale(region())
        .format(time.atZone(zone));
  }

  /** For a page that only people who signed in see. */
  public boolean seesAudits() {
    return seesHouse() || auditsFromOutside();
  }

  /**
   * Whether the log and the rules are open to them for all of the house, and not for what an audit
   * covers. For a page that only people who signed in see.
   */
  public boolean seesHouse() {
    return isCiso() || identity.hasRole(Roles.AUDITOR) && !auditsFromOutside();
  }

  /** As audit-service has it: who is no staff is no auditor of the house. */
  private boolean auditsFromOutside() {
    return !isCiso()
        && (identity.hasRole(Roles.THIRD_PARTY_AUDITOR)
            || identity.hasRole(Roles.AUDITOR)
                && (isHeldToAudits || !identity.hasRole(Roles.STAFF)));
  }

  /** Whether they audit for the house as far as the realm knows. */
  boolean isAuditor() {
    return identity.hasRole(Roles.AUDITOR) && !isCiso() && !auditsFromOutside();
  }

  /** From now on they see what audits cover that name them, and not the house. */
  void holdToAudits() {
    isHeldToAudits = true;
  }

  /** For a page that only people who signed in see. */
  public boolean isCiso() {
    return identity.hasRole(Roles.CISO);
  }

  /**
   * Whether they work for somebody else, and see audits that name them alone. For a page that only
   * people who signed in see.
   */
  public boolean isOutsider() {
    return auditsFromOutside() && !identity.hasRole(Roles.STAFF);
  }

  /** The subject of their tokens. For a page that only people who signed in see. */
  public String account() {
    return identity.getPrincipal() instanceof JsonWebToken token && token.getSubject() != null
        ? token.getSubject()
        : identity.getPrincipal().getName();
  }
}
