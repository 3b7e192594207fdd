package io.vigie.console.page;

import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Why a service refused something (RFC 9457). The tag {@code problem} shows it: a sentence for who
 * looks ({@link Viewer#problem}), then what the service says itself.
 *
 * @param code names the rule; empty where the service does not
 * @param said the service's own words, in English, with the particulars
 */
public record ServiceProblem(String code, List<Said> said) {

  /**
   * @param field what is wrong, by its path; null for all of it
   */
  public record Said(String field, String text) {}

  public static final ServiceProblem NONE = new ServiceProblem("", List.of());

  private static final String TYPE = "urn:vigie:problem:";

  /**
   * @param body of the refusal; anything that is no problem says nothing
   */
  public static ServiceProblem of(JsonNode body) {
    String type = body.path("type").asText();
    String detail = body.path("detail").asText(body.path("title").asText());
    return new ServiceProblem(
        type.startsWith(TYPE) ? type.substring(TYPE.length()) : "",
        Stream.concat(
                Stream.of(new Said(null, detail)).filter(said -> !said.text().isBlank()),
                body.path("errors")
                    .valueStream()
                    .map(
                        error ->
                            new Said(error.path("field").asText(), error.path("message").asText())))
            .toList());
  }

  /** Of a table, whose columns are called as they are in it. */
  public ServiceProblem ofTable() {
    return new ServiceProblem(
        code,
        said.stream()
            .map(
                each ->
                    each.field() == null ? each : new Said(null, each.field() + ": " + each.text()))
            .toList());
  }

  /** Where what is wrong with each field is told beside it. */
  public ServiceProblem withoutFields() {
    List<Said> general = said.stream().filter(each -> each.field() == null).toList();
    return general.isEmpty() ? this : new ServiceProblem(code, general);
  }
}
