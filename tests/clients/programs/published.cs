// The published sample as it stands, but for what its page lost: the arguments of `List` and `ReadAsAsync`, the record's
// class, and a Main. The test changes the host, the login and the password, as the page tells its reader to.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Formatting;
using System.Text;

namespace ClientPartnerApiDemoProject{
class PartnerApiSample{
public void TestMethod(){
const int login = 000000;
const string pass = "your pass";
var token = GetToken(login, pass);
var result = GetCommissionRecords(login, token);
foreach (var trade in result){
Console.WriteLine("{0} {1}",trade.Partner, trade.BalanceRecords.Count);
}
}
public string GetToken(int login, string password){
var client = new HttpClient();
HttpContent tokenContent = new ObjectContent(typeof(AccessTokenRequest), new AccessTokenRequest { Login = login, Password = password }, new JsonMediaTypeFormatter());
var token = client.PostAsync("https://client-api.instaforex.com/api/Authentication/RequestPartnerApiToken", tokenContent).Result.Content.ReadAsStringAsync().Result;
return token;
}
public List<CommissionRecord> GetCommissionRecords(int login, string token){
var client = new HttpClient();
client.DefaultRequestHeaders.Add("passkey", token);
var result = client.GetAsync(string.Format("https://client-api.instaforex.com/partner/GetCommissionRecords/{0}", login)).Result.Content.ReadAsAsync<List<CommissionRecord>>().Result;
return result;
}
public class AccessTokenRequest{
public int Login { get; set; }
public string Password { get; set; }
}
public class CommissionRecord{
public int Partner { get; set; }
public List<object> BalanceRecords { get; set; }
}
public static void Main(){
new PartnerApiSample().TestMethod();
Console.WriteLine("read");
}
}
}
