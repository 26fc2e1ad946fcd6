package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** gemini-api.md section 3.4, {@code responseSchema}. */
class JsonSchemasTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | {}",
        "{'type':'STRING'} | {'type':'string'}",
        "{'type':'TYPE_UNSPECIFIED','title':'T'} | {'title':'T'}",
        "{'type':'STRING','nullable':true} | {'type':['string','null']}",
        "{'type':'NULL','nullable':true} | {'type':'null'}",
        "{'type':'STRING','format':'enum','enum':['a','b']} | {'type':'string','enum':['a','b']}",
        "{'type':'STRING','enum':['a'],'nullable':true} |"
            + " {'type':['string','null'],'enum':['a',null]}",
        "{'type':'STRING','format':'date-time'} | {'type':'string','format':'date-time'}",
        "{'type':'ARRAY','items':{'type':'INTEGER'},'minItems':'1','max_items':3} |"
            + " {'type':'array','minItems':1,'maxItems':3,'items':{'type':'integer'}}",
        "{'type':'OBJECT','properties':{'max_items':{'type':'NUMBER'},'b':{'type':'BOOLEAN'}},'required':['b'],'propertyOrdering':['b','max_items']}"
            + " | {'type':'object','required':['b'],'properties':{'max_items':{'type':'number'},'b':{'type':'boolean'}}}",
        "{'any_of':[{'type':'STRING'},{'type':'NUMBER'}],'nullable':true} |"
            + " {'anyOf':[{'type':'string'},{'type':'number'},{'type':'null'}]}",
        "{'type':'OBJECT','additionalProperties':{'type':'STRING'}} |"
            + " {'type':'object','additionalProperties':{'type':'string'}}",
        "{'type':'OBJECT','additional_properties':false} |"
            + " {'type':'object','additionalProperties':false}",
        "{'type':'NUMBER','minimum':1,'maximum':2,'pattern':'x','default':3,'example':4} |"
            + " {'type':'number','pattern':'x','default':3,'minimum':1,'maximum':2}"
      })
  void turnsGooglesSubsetIntoJsonSchema(String schema, String expected) {
    assertThat(JsonSchemas.of(Members.of(json(schema), "schema")))
        .hasToString(json(expected).toString());
  }

  private static JsonNode json(String text) {
    return Wire.decode(text.replace('\'', '"'), JsonNode.class);
  }
}
